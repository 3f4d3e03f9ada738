/** The best settings that the fitted models give, in natural units, with what they predict. */
import { formatNumber } from '../../lib/format.js';
import { auditCount } from '../../lib/answer.js';
import { Badge } from '../ui.jsx';

export default function Optimum({ optimum, sheet }) {
  if (optimum.error)
    return (
      <p className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
        No optimum: {optimum.error}
      </p>
    );
  const result = optimum.outcome.results.at(-1);
  const { values } = result;
  const { passed, total } = auditCount(optimum.outcome.audit);
  const named = (list, i) => (Array.isArray(list) ? formatNumber(list[i], 5) : '–');
  return (
    <section
      aria-label="Best settings"
      className="flex flex-col gap-2 rounded-md border border-accent/50 bg-panel p-4"
    >
      <h2 className="flex flex-wrap items-center gap-2 text-lg font-semibold">
        Best settings
        <Badge tone={passed === total ? 'good' : 'bad'}>
          audit {passed}/{total}
        </Badge>
      </h2>
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        {sheet.factors.map((f, i) => (
          <div key={f.name}>
            <dt className="text-xs text-muted">{f.name}</dt>
            <dd className="text-base font-semibold tabular-nums">
              {named(values.settings, i)}{' '}
              <span className="text-sm font-normal text-muted">{f.unit}</span>
            </dd>
          </div>
        ))}
        {(values.responses ?? []).map((name, i) => (
          <div key={name}>
            <dt className="text-xs text-muted">{name}, predicted</dt>
            <dd className="text-base font-semibold tabular-nums">{named(values.predicted, i)}</dd>
          </div>
        ))}
        <div>
          <dt className="text-xs text-muted">overall desirability</dt>
          <dd className="text-base font-semibold tabular-nums">
            {formatNumber(values.overall, 3)}
          </dd>
        </div>
      </dl>
      {result.warnings.map((w) => (
        <p key={w} className="text-sm text-warn">
          {w}
        </p>
      ))}
      <p className="text-xs text-muted">
        Inside the range of the runs, by the desirability of the goals above; confirm by new runs
        before it is used.
      </p>
    </section>
  );
}
