/** Deciding again for the whole library under other rules: what would change is shown before anything does. */
import { Autocomplete, Button, Modal, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { RedateReport } from '#contract/job-summary.ts';
import type { ChoiceRule } from '#contract/words.ts';
import { api } from '../../api.ts';
import { useReadAgain } from '../../parts/decide/decisions.ts';
import { zones } from '../../parts/decide/zone-entry.tsx';
import { FailureLine } from '../../parts/states.tsx';
import { wallClockWords } from '../../words/dates.ts';
import { count, countOf } from '../../words/numbers.ts';
import styles from './rules.module.css';

const ruleWords: Record<ChoiceRule, string> = {
  earliest: 'the earliest believable time',
  trusted: 'the most trusted source',
};

export function Rules({ unsorted }: { unsorted: boolean }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant={unsorted ? 'filled' : 'subtle'} size="compact-sm" onClick={() => setOpened(true)}>
        {unsorted ? 'Decide again' : 'Rules'}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Decide again for the whole library"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <RulesForm onDone={() => setOpened(false)} />
      </Modal>
    </>
  );
}

function RulesForm({ onDone }: { onDone: () => void }) {
  const [rule, setRule] = useState<ChoiceRule | null>(null);
  const [zone, setZone] = useState('');
  const [year, setYear] = useState('');
  const readAgain = useReadAgain();
  const redate = useMutation({
    mutationFn: (dry_run: boolean) =>
      api.review.redate.call({
        ...(rule === null ? {} : { rule }),
        ...(zone.trim() === '' ? {} : { zone: zone.trim() }),
        ...(year === '' ? {} : { min_year: Number(year) }),
        dry_run,
      }),
    async onSuccess(report) {
      if (!report.dry_run) await readAgain();
    },
  });
  const report = redate.data;
  const change = () => redate.reset();
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        redate.mutate(true);
      }}
    >
      <p className={styles.about}>
        From what is stored; no file is opened, and what you chose, entered or accepted stays. What is left
        empty stays as it is.
      </p>
      <fieldset className={styles.rule}>
        <legend>Where good sources differ, take</legend>
        {(Object.keys(ruleWords) as ChoiceRule[]).map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="rule"
              checked={rule === one}
              onChange={() => {
                setRule(one);
                change();
              }}
            />
            {ruleWords[one]}
          </label>
        ))}
      </fieldset>
      <Autocomplete
        label="Home: the zone of pictures that say nothing about theirs"
        placeholder="Europe/Berlin"
        data={zones}
        limit={8}
        value={zone}
        openOnFocus={false}
        onChange={(value) => {
          setZone(value);
          change();
        }}
      />
      <TextInput
        label="Earliest year to believe"
        type="number"
        min={1826}
        max={2100}
        value={year}
        onChange={(event) => {
          setYear(event.currentTarget.value);
          change();
        }}
      />
      {redate.isError && <FailureLine error={redate.error} retry={null} />}
      {report !== undefined && <Report report={report} />}
      <div className={styles.buttons}>
        {report?.dry_run === false ? (
          <Button onClick={onDone}>Close</Button>
        ) : (
          <>
            <Button
              type="submit"
              variant={report === undefined ? 'filled' : 'default'}
              loading={redate.isPending}
            >
              Show what would change
            </Button>
            {report !== undefined && (
              <Button loading={redate.isPending} onClick={() => redate.mutate(false)}>
                {report.changed === 0 ? 'Keep these rules' : `Change ${count(report.changed)}`}
              </Button>
            )}
          </>
        )}
      </div>
    </form>
  );
}

function Report({ report }: { report: RedateReport }) {
  const { changed, changed_times, kept_by_person, examples, dry_run } = report;
  return (
    <section aria-label="What changes" aria-live="polite" className={styles.report}>
      <p>
        {dry_run ? 'Would change: ' : 'Changed: '}
        <b>{countOf(changed, 'picture', 'pictures')}</b>
        {changed > 0 && `, ${count(changed_times)} of them to another time`}.
        {kept_by_person > 0 && ` ${countOf(kept_by_person, 'time', 'times')} of yours stay.`}
      </p>
      <ul className={styles.examples}>
        {examples.map((one) => (
          <li key={one.asset_id}>
            <b>{one.name}</b>
            <span>
              <s>{one.before === null ? 'no date' : wallClockWords(one.before, 'short')}</s>{' '}
              {one.after === null ? 'no date' : wallClockWords(one.after, 'short')}, {one.to} confidence
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
