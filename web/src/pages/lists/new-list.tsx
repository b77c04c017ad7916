/** A new list: what it is called and about. */
import { Button, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api } from '../../api.ts';
import { FailureLine } from '../../parts/states.tsx';
import { NamingFields, namingOf } from './naming.tsx';
import styles from './dialogs.module.css';

export function NewList({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [naming, setNaming] = useState({ name: '', description: '' });
  const named = namingOf(naming);
  const navigate = useNavigate();
  const client = useQueryClient();
  const create = useMutation(
    api.lists.create.mutationOptions({
      async onSuccess(list) {
        client.setQueryData(api.lists.get.queryKey({ input: { id: list.id } }), list);
        onClose();
        setNaming({ name: '', description: '' });
        await navigate({ to: '/lists/$listId', params: { listId: list.id }, search: {} });
        await client.invalidateQueries({ queryKey: api.lists.list.key() });
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (named !== null) create.mutate(named);
  };
  return (
    <Modal opened={opened} onClose={onClose} title="New list" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className={styles.form}>
        <NamingFields value={naming} onChange={setNaming} />
        {create.isError && <FailureLine error={create.error} retry={null} />}
        <div className={styles.buttons}>
          <Button type="submit" loading={create.isPending} disabled={named === null}>
            Make the list
          </Button>
        </div>
      </form>
    </Modal>
  );
}
