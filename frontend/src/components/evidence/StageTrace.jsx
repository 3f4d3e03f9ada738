import { STAGES, STAGE_TITLES } from '../../lib/answer.js';
import { formatMs } from '../../lib/format.js';

/** The eight stages as they run: which one is at work, how long each took, what it found. */
export default function StageTrace({ stages, live = false, detailed = false }) {
  const known = new Map(stages.map((s) => [s.name, s]));
  const longest = Math.max(1, ...stages.map((s) => s.ms || 0));
  if (detailed) return <StageList known={known} longest={longest} />;
  return (
    <div className="flex flex-col gap-2">
      <ol
        aria-label="Stages of the answer"
        className="grid grid-cols-4 gap-px overflow-hidden rounded-md border border-line bg-line sm:grid-cols-8"
      >
        {STAGES.map((name) => {
          const stage = known.get(name);
          const status = stage?.status ?? 'pending';
          return (
            <li
              key={name}
              title={STAGE_TITLES[name]}
              data-status={status}
              className={`flex flex-col gap-0.5 bg-panel px-2 py-1.5 ${status === 'pending' ? 'text-muted' : ''}`}
            >
              <span className="flex items-center gap-1.5">
                <StageMark status={status} live={live} />
                <span className="text-2xs font-semibold tracking-wider uppercase">{name}</span>
              </span>
              <span className="font-mono text-2xs text-muted">
                {status === 'finished' && formatMs(stage.ms)}
                {status === 'started' && 'at work'}
                {status === 'skipped' && 'off'}
                {status === 'pending' && '·'}
              </span>
            </li>
          );
        })}
      </ol>
      {live && <Findings known={known} />}
    </div>
  );
}

/** What has been found so far, and what is being asked now. */
function Findings({ known }) {
  const told = STAGES.map((name) => known.get(name)).filter(
    (s) => s?.status === 'finished' && s.note,
  );
  const now = STAGES.find((name) => known.get(name)?.status === 'started');
  return (
    <ul className="flex flex-col gap-0.5 text-sm text-ink-2">
      {told.map((s) => (
        <li key={s.name} className="grid grid-cols-[5rem_1fr] gap-2">
          <span className="text-2xs font-semibold tracking-wider text-muted uppercase">
            {s.name}
          </span>
          <span className="min-w-0">{noteText(s.name, s.note)}</span>
        </li>
      ))}
      {now && (
        <li className="grid grid-cols-[5rem_1fr] gap-2 text-muted">
          <span className="text-2xs font-semibold tracking-wider uppercase">{now}</span>
          <span>{STAGE_TITLES[now]}</span>
        </li>
      )}
    </ul>
  );
}

function StageMark({ status, live }) {
  const look = {
    finished: 'bg-good',
    started: `bg-accent ${live ? 'animate-pulse' : ''}`,
    skipped: 'bg-line-strong',
    pending: 'border border-line-strong',
  }[status];
  return <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${look}`} />;
}

function StageList({ known, longest }) {
  return (
    <ol className="flex flex-col divide-y divide-line">
      {STAGES.map((name) => {
        const stage = known.get(name);
        return (
          <li
            key={name}
            className="grid grid-cols-[5.5rem_1fr_4.5rem] items-baseline gap-x-3 py-1.5"
          >
            <span className="text-2xs font-semibold tracking-wider uppercase">{name}</span>
            <span className="min-w-0 text-sm text-ink-2">
              {STAGE_TITLES[name]}
              {stage?.note && (
                <span className="block text-xs text-muted">{noteText(name, stage.note)}</span>
              )}
              <span
                aria-hidden="true"
                className="mt-1 block h-1 rounded-full bg-accent/70"
                style={{ width: `${Math.max(1, (100 * (stage?.ms ?? 0)) / longest)}%` }}
              />
            </span>
            <span className="text-right font-mono text-xs text-muted">
              {stage?.status === 'finished' ? formatMs(stage.ms) : (stage?.status ?? 'not reached')}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** What a stage told when it ended, in words. */
export function noteText(name, note) {
  const count = (n, word) => `${n} ${word}${n === 1 ? '' : 's'}`;
  if (name === 'mode' && note.task) {
    return `${note.task} (${Math.round(100 * note.confidence)} %), difficulty ${note.difficulty}, risk ${note.risk}`;
  }
  if (name === 'ground' && note.slots)
    return count(note.slots.length, 'slot') + ' found in the request';
  if (name === 'plan' && note.candidates !== undefined)
    return count(note.candidates, 'candidate program');
  if (name === 'execute' && note.runs !== undefined)
    return `${note.executed} of ${count(note.runs, 'run')} gave a result`;
  if (name === 'argue' && note.objections) {
    return note.objections.length
      ? note.objections.slice(0, 3).join(' · ')
      : 'nothing speaks against it';
  }
  if (name === 'audit' && note.checks !== undefined) {
    return note.failed?.length
      ? `failed: ${note.failed.join(', ')}`
      : `${count(note.checks, 'check')} passed`;
  }
  const told = Object.entries(note).filter(([, v]) => ['string', 'number'].includes(typeof v));
  return told.map(([k, v]) => `${k} ${v}`).join(' · ');
}
