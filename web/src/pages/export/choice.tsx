import { useId } from 'react';
import styles from './choice.module.css';

type Props = { label: string; about: string; checked: boolean; onChange: (checked: boolean) => void };

/** Yes or no, with what it means underneath. The whole of it can be pressed. */
export function Choice({ label, about, checked, onChange }: Props) {
  const id = useId();
  return (
    <label className={styles.choice}>
      <input
        type="checkbox"
        checked={checked}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-about`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        <span id={`${id}-label`} className={styles.label}>
          {label}
        </span>
        <span id={`${id}-about`} className={styles.about}>
          {about}
        </span>
      </span>
    </label>
  );
}
