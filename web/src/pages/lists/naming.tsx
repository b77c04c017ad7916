/** What a list is called and about. */
import { Textarea, TextInput } from '@mantine/core';
import { limits } from '#contract/fields.ts';

export type Naming = { name: string; description: string };

export function NamingFields({ value, onChange }: { value: Naming; onChange: (value: Naming) => void }) {
  return (
    <>
      <TextInput
        label="Name"
        placeholder="Woodworking"
        data-autofocus
        required
        maxLength={limits.list_name_characters}
        value={value.name}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
      />
      <Textarea
        label="What it is about"
        description="For you, and for the language model, which reads it with every video."
        rows={3}
        maxLength={limits.description_characters}
        value={value.description}
        onChange={(event) => onChange({ ...value, description: event.currentTarget.value })}
      />
    </>
  );
}

/** As it is kept; null while there is no name. */
export function namingOf({ name, description }: Naming): Naming | null {
  const trimmed = { name: name.trim(), description: description.trim() };
  return trimmed.name === '' ? null : trimmed;
}
