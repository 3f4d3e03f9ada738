import CodeBlock from '../markdown/CodeBlock.jsx';
import { formatNumber } from '../../lib/format.js';
import { Badge } from '../ui.jsx';

const RUBRIC = {
  model: 'model',
  coverage: 'uses the request',
  assumptions: 'assumptions hold',
  total: 'total',
};

/** The programs that were proposed, what became of each, and why one was taken. */
export default function CandidatesPanel({ candidates, program }) {
  if (!candidates.length) return <p className="text-sm text-muted">No program was proposed.</p>;
  const chosen = candidates.findIndex((c) => c.chosen ?? same(c.program, program));
  const adapted = chosen >= 0 && squeezed(program) !== squeezed(candidates[chosen].program);
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm text-ink-2">
        Each was run. The one taken has the best total of: the model’s log-probability, how much of
        the request it uses, and how many of its assumptions hold.
      </p>
      {adapted && (
        <p className="text-sm text-ink-2">
          The one taken was then extended: its assumptions did not all hold, so a better method was
          added. The Program tab has what was run in the end.
        </p>
      )}
      <ol className="flex flex-col gap-2">
        {candidates.map((c, i) => (
          <li
            key={i}
            className={`rounded-md border p-2.5 ${i === chosen ? 'border-accent bg-accent-soft/40' : 'border-line'}`}
          >
            <div className="flex flex-wrap items-center gap-2 text-xs">
              <span className="font-mono font-semibold">{i + 1}</span>
              {i === chosen && <Badge tone="accent">taken</Badge>}
              <Badge tone={c.outcome === 'executed' ? 'good' : 'warn'}>
                {c.outcome === 'executed' ? 'gave a result' : 'gave none'}
              </Badge>
              <span className="text-muted">from {c.source}</span>
              <span className="ml-auto font-mono text-muted">log p {formatNumber(c.score, 4)}</span>
            </div>
            {c.scores && Object.keys(c.scores).length > 0 && <Scores scores={c.scores} />}
            <CodeBlock lang="havoc" text={c.program} />
            {c.outcome && c.outcome !== 'executed' && (
              <p className="text-sm text-ink-2">{c.outcome}</p>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

const squeezed = (text) => (text ?? '').replace(/\s+/g, '');
const same = (a, b) => squeezed(a) !== '' && squeezed(b).startsWith(squeezed(a));

function Scores({ scores }) {
  return (
    <dl className="mt-1.5 flex flex-wrap gap-x-4 font-mono text-xs">
      {Object.entries(scores).map(([k, v]) => (
        <div key={k} className={`flex gap-1.5 ${k === 'total' ? 'font-semibold' : ''}`}>
          <dt className="text-muted">{RUBRIC[k] ?? k}</dt>
          <dd>{formatNumber(v, 4)}</dd>
        </div>
      ))}
    </dl>
  );
}
