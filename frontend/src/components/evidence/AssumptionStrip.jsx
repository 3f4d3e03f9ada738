import { TONE_WORDS, auditCount } from '../../lib/answer.js';
import { formatNumber } from '../../lib/format.js';

const CHIP =
  'flex items-center gap-1.5 rounded-full border border-line bg-panel py-0.5 pr-2.5 pl-1 text-xs hover:bg-sunken';

const LOOK = {
  good: { dot: 'bg-good', text: 'text-good', mark: '✓' },
  warn: { dot: 'bg-warn', text: 'text-warn', mark: '!' },
  bad: { dot: 'bg-bad', text: 'text-bad', mark: '✕' },
  neutral: { dot: 'bg-line-strong', text: 'text-muted', mark: '?' },
};

/** One chip an assumption: a mark, a colour and words; the test behind it opens below. */
export default function AssumptionStrip({ assumptions, audit, onOpen }) {
  const { passed, total } = auditCount(audit);
  if (!assumptions.length && !total) return null;
  return (
    <ul aria-label="Audit and assumptions" className="flex flex-wrap gap-1.5">
      {total > 0 && (
        <li>
          <button
            type="button"
            onClick={() => onOpen('audit')}
            className={CHIP}
            title="Every number was computed a second time by another route"
          >
            <Mark tone={passed === total ? 'good' : 'bad'} />
            audited{' '}
            <span className="font-mono text-2xs text-muted">
              {passed}/{total}
            </span>
          </button>
        </li>
      )}
      {assumptions.map((a, i) => (
        <li key={i}>
          <button
            type="button"
            onClick={() => onOpen('assumptions')}
            title={`${a.name}: ${TONE_WORDS[a.tone]}${a.detail ? ` (${a.detail})` : ''}`}
            className={CHIP}
          >
            <Mark tone={a.tone} />
            <span>{a.name}</span>
            {a.p_value !== null && a.p_value !== undefined && (
              <span className="font-mono text-2xs text-muted">p {formatNumber(a.p_value, 2)}</span>
            )}
            <span className="sr-only">: {TONE_WORDS[a.tone]}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Mark({ tone }) {
  const { dot, mark } = LOOK[tone];
  return (
    <span
      aria-hidden="true"
      className={`inline-flex size-4 items-center justify-center rounded-full text-[0.65rem] leading-none font-bold text-panel ${dot}`}
    >
      {mark}
    </span>
  );
}

/** The same with the test, its statistic and what to do. */
export function AssumptionList({ assumptions }) {
  if (!assumptions.length)
    return (
      <p className="text-sm text-muted">This answer rests on no assumption that data could test.</p>
    );
  return (
    <ul className="flex flex-col divide-y divide-line">
      {assumptions.map((a, i) => (
        <li key={i} className="flex gap-2.5 py-2">
          <span className="mt-0.5">
            <Mark tone={a.tone} />
          </span>
          <div className="min-w-0">
            <p className="text-sm">
              <strong className="font-semibold">{a.name}</strong>{' '}
              <span className={LOOK[a.tone].text}>{TONE_WORDS[a.tone]}</span>
            </p>
            {a.detail && <p className="text-sm text-ink-2">{a.detail}</p>}
            <p className="font-mono text-xs text-muted">
              {a.step} · {a.operation}
              {a.statistic !== null &&
                a.statistic !== undefined &&
                ` · statistic ${formatNumber(a.statistic, 5)}`}
              {a.p_value !== null &&
                a.p_value !== undefined &&
                ` · p ${formatNumber(a.p_value, 4)}`}
            </p>
            {a.remedy && <p className="text-sm text-ink-2">Better here: {a.remedy}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}
