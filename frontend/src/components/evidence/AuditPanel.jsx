import { auditCount } from '../../lib/answer.js';
import { download, toCsv } from '../../lib/exporting.js';
import { fullPrecision } from '../../lib/format.js';
import { Badge, Button, Icon } from '../ui.jsx';

const textOf = (v) => (v !== null && typeof v === 'object' ? JSON.stringify(v) : fullPrecision(v));

/** Each check: what was reported, what the second route gives, how far they may differ. */
export default function AuditPanel({ audit }) {
  const checks = audit?.checks ?? [];
  if (!checks.length)
    return (
      <p className="text-sm text-muted">Nothing was computed, so there was nothing to audit.</p>
    );
  const { passed, total } = auditCount(audit);
  const sorted = [...checks].sort((a, b) => a.passed - b.passed);
  const save = () => {
    const rows = checks.map((c) => [
      c.name,
      textOf(c.value),
      textOf(c.recomputed),
      c.tolerance,
      c.passed ? 'passed' : 'failed',
    ]);
    download(
      'audit.csv',
      toCsv(['check', 'value', 'recomputed', 'tolerance', 'outcome'], rows),
      'text/csv',
    );
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <p className="text-sm">
          {passed} of {total} checks passed. Every number was computed a second time by another
          route.
        </p>
        <Button tone="quiet" onClick={save}>
          <Icon name="download" /> CSV
        </Button>
      </div>
      <div
        tabIndex={0}
        role="region"
        aria-label="Checks"
        className="max-h-80 overflow-auto rounded-md border border-line bg-raised"
      >
        <table className="havoc-table">
          <thead>
            <tr>
              <th scope="col">Check</th>
              <th scope="col">Outcome</th>
              <th scope="col">Value</th>
              <th scope="col">Re-computed</th>
              <th scope="col">Tolerance</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((c, i) => (
              <tr key={i}>
                <th scope="row" className="font-mono text-xs font-normal">
                  {c.name}
                </th>
                <td>
                  <Badge tone={c.passed ? 'good' : 'bad'}>{c.passed ? 'passed' : 'failed'}</Badge>
                </td>
                <td className="max-w-44 truncate font-mono text-xs">{textOf(c.value)}</td>
                <td className="max-w-44 truncate font-mono text-xs">{textOf(c.recomputed)}</td>
                <td className="font-mono text-xs">{textOf(c.tolerance)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
