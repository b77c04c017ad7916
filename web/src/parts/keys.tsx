/** Keys that work everywhere: `?` shows all keys, `g` and a letter moves between pages. */
import { Kbd, Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Icon } from './icons.tsx';
import frame from './frame.module.css';
import styles from './keys.module.css';

const keys = [
  {
    place: 'Everywhere',
    keys: [
      ['?', 'Show these keys'],
      ['g i', 'Import'],
      ['g l', 'Library'],
      ['g r', 'Review'],
      ['g e', 'Export'],
      ['g s', 'Lists of saved videos'],
      ['g j', 'Jobs'],
      ['Ctrl Z', 'Undo the last decision'],
      ['Ctrl Shift Z', 'Do it again'],
    ],
  },
  {
    place: 'Library',
    keys: [
      ['/', 'Search'],
      ['← → ↑ ↓', 'Move from picture to picture'],
      ['Home End', 'First and last picture'],
      ['Enter', 'Open the picture'],
      ['x', 'Select it, or not'],
      ['Shift ← →', 'Select from here on'],
      ['Ctrl A', 'Select all that the filter finds'],
      ['Esc', 'Select nothing'],
    ],
  },
  {
    place: 'Review',
    keys: [
      ['↑ ↓', 'Move through the queue'],
      ['← →', 'Move from picture to picture'],
      ['Enter', 'Accept what is proposed'],
      ['Shift Enter', '… for all of the group'],
      ['1 – 9', 'Choose this evidence'],
      ['Shift 1 – 9', '… for all of the group'],
      ['d', 'Type a date'],
      ['x', 'Select it, or not'],
      ['Ctrl A', 'Select the whole group'],
      ['Del', 'Discard'],
      ['z', 'Undo'],
      ['Shift z', 'Redo'],
    ],
  },
  {
    place: 'A list',
    keys: [
      ['← → ↑ ↓', 'Move from cell to cell'],
      ['/', 'Search; Enter, ↓ or Esc: to the table'],
      ['Home End', 'First and last column'],
      ['Ctrl Home', 'First row'],
      ['Ctrl End', 'Last row'],
      ['Enter', 'Edit the cell, or open the video'],
      ['Del', 'Empty the cell'],
      ['Space', 'Select it, or not'],
      ['Shift Space', 'Select from the last one on'],
      ['Ctrl A', 'Select all that the view finds'],
      ['Tab', 'To the headings: ← → move, Enter sorts, ↓ opens the menu'],
      ['o', 'Open the video'],
      ['Ctrl Z', 'Undo the last change of the list'],
      ['Ctrl Shift Z', 'Change it again'],
    ],
  },
  {
    place: 'One picture',
    keys: [
      ['← →', 'Newer, older'],
      ['z', 'Full size and back'],
      ['Esc', 'Back to the library'],
    ],
  },
] as const;

const pages = { i: '/import', l: '/library', r: '/review', e: '/export', s: '/lists', j: '/jobs' } as const;
const secondKeyWithinMs = 1500;

/** Keys belong to the page only while nobody is typing and no dialog is open. */
export function isForPage(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return true;
  return target.closest('input, textarea, select, [contenteditable], [role="dialog"]') === null;
}

export function Keys() {
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();

  useEffect(() => {
    let pressedG = -Infinity;
    const onKey = (event: KeyboardEvent) => {
      if (!isForPage(event)) return;
      const page =
        event.timeStamp - pressedG < secondKeyWithinMs ? pages[event.key as keyof typeof pages] : undefined;
      pressedG = event.key === 'g' ? event.timeStamp : -Infinity;
      if (page !== undefined) void navigate({ to: page });
      else if (event.key === '?') setOpen(true);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate]);

  return (
    <>
      <button type="button" className={`${frame.place} ${frame.foot}`} onClick={() => setOpen(true)}>
        <Icon name="keys" size={22} />
        Keys
      </button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title="Keys"
        size="md"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {keys.map((group) => (
          <section key={group.place} className={styles.group}>
            <h3 className={styles.place}>{group.place}</h3>
            <dl className={styles.keys}>
              {group.keys.map(([key, meaning]) => (
                <div key={key} className={styles.row}>
                  <dt>
                    {key.split(' ').map((part) => (
                      <Kbd key={part} mr={4}>
                        {part}
                      </Kbd>
                    ))}
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </Modal>
    </>
  );
}
