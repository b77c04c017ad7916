/**
 * The rules by which the library is dated, and others tried on it: what would change is shown before anything does.
 * Both are jobs, so the dialog can be closed meanwhile.
 */
import { Autocomplete, Button, Modal, Skeleton, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { RedateReport } from '#contract/job-summary.ts';
import type { ChoiceRule } from '#contract/words.ts';
import { api } from '../../api.ts';
import { Bar } from '../../parts/bar.tsx';
import { useReadAgain } from '../../parts/decide/decisions.ts';
import { zones } from '../../parts/decide/zone-entry.tsx';
import { hasEnded, useProgress } from '../../parts/job-queries.ts';
import { RedateChanges } from '../../parts/redate-changes.tsx';
import { FailureLine } from '../../parts/states.tsx';
import { count, percent } from '../../words/numbers.ts';
import { statusWords } from '../../words/words.ts';
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
        title="The rules of this library"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <RulesInForce onDone={() => setOpened(false)} />
      </Modal>
    </>
  );
}

type Told = { rule: ChoiceRule; zone: string; min_year: number };

function RulesInForce({ onDone }: { onDone: () => void }) {
  const rules = useQuery(api.review.rules.queryOptions({ input: {}, gcTime: 0, staleTime: Infinity }));
  if (rules.data !== undefined) {
    const { in_force, settings } = rules.data;
    return <RulesForm inForce={in_force} settings={settings} onDone={onDone} />;
  }
  if (rules.isError) return <FailureLine error={rules.error} retry={() => void rules.refetch()} />;
  return (
    <div className={styles.form} aria-busy="true" aria-label="The rules are being loaded">
      <Skeleton height={40} />
      <Skeleton height={52} />
      <Skeleton height={60} />
      <Skeleton height={60} />
      <Skeleton height={36} width={220} />
    </div>
  );
}

type FormProps = { inForce: Told; settings: Told; onDone: () => void };

function RulesForm({ inForce, settings, onDone }: FormProps) {
  const [rule, setRule] = useState(inForce.rule);
  const [zone, setZone] = useState(inForce.zone);
  const [year, setYear] = useState(String(inForce.min_year));
  const wanted = { rule, zone: zone.trim(), min_year: Number(year) };
  const redate = useMutation({
    mutationFn: (dry_run: boolean) => api.review.redate.call({ ...wanted, dry_run }),
  });
  const isSettings =
    wanted.rule === settings.rule && wanted.zone === settings.zone && wanted.min_year === settings.min_year;
  const changed = <Value,>(set: (value: Value) => void) => {
    return (value: Value) => {
      set(value);
      redate.reset();
    };
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        redate.mutate(true);
      }}
    >
      <p className={styles.about}>
        These are in force, for later imports too. Others are tried on what is stored: no file is opened, and
        what you chose, entered or accepted stays.
      </p>
      <fieldset className={styles.rule}>
        <legend>Where good sources differ, take</legend>
        {(Object.keys(ruleWords) as ChoiceRule[]).map((one) => (
          <label key={one}>
            <input type="radio" name="rule" checked={rule === one} onChange={() => changed(setRule)(one)} />
            {ruleWords[one]}
          </label>
        ))}
      </fieldset>
      <Autocomplete
        label="Home: the zone of pictures that say nothing about theirs"
        data={zones}
        limit={8}
        value={zone}
        required
        openOnFocus={false}
        onChange={changed(setZone)}
      />
      <TextInput
        label="Earliest year to believe"
        type="number"
        min={1826}
        max={2100}
        value={year}
        required
        onChange={(event) => changed(setYear)(event.currentTarget.value)}
      />
      {!isSettings && (
        <p className={styles.about}>
          The settings say {settings.rule}, {settings.zone}, from {settings.min_year} on.{' '}
          <button
            type="button"
            className={styles.take}
            onClick={() => {
              setRule(settings.rule);
              setZone(settings.zone);
              changed(setYear)(String(settings.min_year));
            }}
          >
            Take these
          </button>
        </p>
      )}
      {redate.isError && <FailureLine error={redate.error} retry={null} />}
      {redate.data === undefined ? (
        <div className={styles.buttons}>
          <Button type="submit" loading={redate.isPending}>
            Show what would change
          </Button>
        </div>
      ) : (
        <Redating
          key={redate.data.id}
          jobId={redate.data.id}
          pending={redate.isPending}
          apply={() => redate.mutate(false)}
          onDone={onDone}
        />
      )}
    </form>
  );
}

type RedatingProps = { jobId: string; pending: boolean; apply: () => void; onDone: () => void };

/** The job that tries or applies the rules: how far it is, then what it found. */
function Redating({ jobId, pending, apply, onDone }: RedatingProps) {
  const progress = useProgress(jobId);
  const readAgain = useReadAgain();
  const report = progress.data?.summary?.kind === 'redate' ? progress.data.summary : null;
  const isApplied = report?.dry_run === false;
  useEffect(() => {
    if (isApplied) void readAgain();
    // Once, when it comes.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isApplied]);
  if (progress.isError && progress.data === undefined) {
    return <FailureLine error={progress.error} retry={() => void progress.refetch()} />;
  }
  if (report === null) {
    const { status = 'pending', progress_current: part = 0, progress_total: total = 1 } = progress.data ?? {};
    return (
      <div className={styles.progress} aria-live="polite">
        <Bar part={part} total={total} label="Deciding again" tone={statusWords[status].tone} />
        <p>
          {hasEnded(status) || status === 'paused' || status === 'halted'
            ? `${statusWords[status].word}. `
            : `${percent(part, total)} of the library. `}
          <Link to="/jobs/$jobId" params={{ jobId }}>
            See the job
          </Link>
        </p>
      </div>
    );
  }
  return (
    <>
      <Report report={report} />
      <div className={styles.buttons}>
        {isApplied ? (
          <Button onClick={onDone}>Close</Button>
        ) : (
          <Button loading={pending} onClick={apply} data-autofocus>
            {report.changed === 0 ? 'Apply these rules' : `Change ${count(report.changed)}`}
          </Button>
        )}
      </div>
    </>
  );
}

function Report({ report }: { report: RedateReport }) {
  return (
    // What scrolls by itself must take the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section aria-label="What changes" aria-live="polite" className={styles.report} tabIndex={0}>
      <RedateChanges report={report} />
    </section>
  );
}
