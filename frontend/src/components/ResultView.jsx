import { Suspense, lazy } from 'react';

import { checksOf } from '../lib/places.js';
import { formatNumber, fullPrecision } from '../lib/format.js';
import { useDigits } from '../lib/store.js';
import DataTable from './DataTable.jsx';
import { Badge, Waiting } from './ui.jsx';

const Figure = lazy(() => import('./figures/Figure.jsx'));

/**
 * One result in full: conclusion, warnings, figures, values with their re-computation, tables.
 *
 * @param outputs what each value is (an operation's `outputs`), where known
 */
export default function ResultView({
  result,
  audit,
  program,
  onRerun,
  outputs = {},
  figures = true,
}) {
  const digits = useDigits();
  const values = Object.entries(result.values ?? {}).filter(([, v]) => v !== null && !isEmpty(v));
  return (
    <section aria-label={`${result.name}: ${result.operation}`} className="flex flex-col gap-2">
      <h4 className="font-mono text-sm">
        {result.name} <span className="text-muted">= {result.operation}</span>
      </h4>
      {result.conclusion && <p>{result.conclusion}</p>}
      {result.warnings?.length > 0 && (
        <ul className="flex flex-col gap-1 border-l-2 border-warn pl-3 text-sm text-ink-2">
          {result.warnings.map((w) => (
            <li key={w}>{w}</li>
          ))}
        </ul>
      )}
      {figures &&
        (result.figures ?? []).map((figure, i) => (
          <Suspense key={i} fallback={<Waiting label="Drawing" />}>
            <Figure figure={figure} result={result} program={program} onRerun={onRerun} />
          </Suspense>
        ))}
      {values.length > 0 && (
        <div className="overflow-x-auto rounded-md border border-line bg-raised">
          <table className="havoc-table">
            <thead>
              <tr>
                <th scope="col" className="w-2/5">
                  Quantity
                </th>
                <th scope="col" className="text-right">
                  Value
                </th>
                <th scope="col">Re-computed</th>
              </tr>
            </thead>
            <tbody>
              {values.map(([key, value]) => (
                <tr key={key}>
                  <th scope="row" className="font-normal" title={outputs[key]}>
                    {outputs[key]?.split(';')[0] ?? key}
                  </th>
                  <td
                    className="text-right"
                    title={typeof value === 'number' ? fullPrecision(value) : undefined}
                  >
                    {valueText(value, digits)} {result.units?.[key] ?? ''}
                  </td>
                  <td>
                    <Recomputed checks={checksOf(audit, { name: result.name, key })} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {(result.tables ?? []).map((t, i) => (
        <DataTable key={i} name={t.name} columns={t.columns} rows={t.rows} />
      ))}
    </section>
  );
}

const isEmpty = (v) => Array.isArray(v) && v.length === 0;

/** A value of a result as text; long lists are cut. */
export function valueText(value, digits) {
  if (!Array.isArray(value)) return formatNumber(value, digits);
  const shown = value
    .slice(0, 12)
    .map((v) => (Array.isArray(v) ? `(${valueText(v, digits)})` : formatNumber(v, digits)));
  return shown.join(', ') + (value.length > 12 ? ` … (${value.length} in all)` : '');
}

function Recomputed({ checks }) {
  if (!checks.length) return <span className="text-muted">–</span>;
  const failed = checks.filter((c) => !c.passed).length;
  return failed ? <Badge tone="bad">differs</Badge> : <Badge tone="good">agrees</Badge>;
}
