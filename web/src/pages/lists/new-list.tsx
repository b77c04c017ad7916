/** A new list: its name, and its fields as a model proposes them from a description, if there is a model. */
import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api } from '../../api.ts';
import { FailureLine } from '../../parts/states.tsx';
import styles from './dialogs.module.css';

export function NewList({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const navigate = useNavigate();
  const client = useQueryClient();
  const create = useMutation(
    api.lists.create.mutationOptions({
      async onSuccess(list) {
        client.setQueryData(api.lists.get.queryKey({ input: { id: list.id } }), list);
        onClose();
        setName('');
        setDescription('');
        await navigate({ to: '/lists/$listId', params: { listId: list.id }, search: {} });
        await client.invalidateQueries({ queryKey: api.lists.list.key() });
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), description: description.trim() });
  };
  return (
    <Modal opened={opened} onClose={onClose} title="New list" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className={styles.form}>
        <TextInput
          label="Name"
          placeholder="Woodworking"
          data-autofocus
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label="What it is about"
          description="For you, and for the language model, which reads it with every video."
          rows={3}
          maxLength={2000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {create.isError && <FailureLine error={create.error} retry={null} />}
        <div className={styles.buttons}>
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            Make the list
          </Button>
        </div>
      </form>
    </Modal>
  );
}
