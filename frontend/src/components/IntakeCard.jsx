import { useEffect, useMemo, useState } from 'react';

import { previewData } from '../lib/api.js';
import { explained } from '../lib/explain.js';
import { textOf } from '../lib/commas.js';
import { formatNumber } from '../lib/format.js';
import { useDigits } from '../lib/store.js';
import CommaChoice from './CommaChoice.jsx';
import { Badge, Button, IconButton } from './ui.jsx';

/**
 * How the server reads a file, before anything is asked about it: types, units, missing cells,
 * decimal commas, groups, the first rows. Without `onRemove` it is only looked at.
 */
export default function IntakeCard({ attachment, onRemove, onAsText, onChange }) {
  useDigits();
  const [state, setState] = useState({ data: null, error: '' });
  const [open, setOpen] = useState(!onRemove);
  useEffect(() => {
    const controller = new AbortController();
    previewData(attachment, { signal: controller.signal })
      .then((data) => setState({ data, error: '' }))
      .catch(
        (error) => error.name !== 'AbortError' && setState({ data: null, error: explained(error) }),
      );
    return () => controller.abort();
  }, [attachment]);
  const { data, error } = state;
  const text = useMemo(() => textOf(attachment), [attachment]);
  return (
    <section
      aria-label={`File ${attachment.name}`}
      className="overflow-hidden rounded-md border border-line bg-raised"
    >
      <header className="flex flex-wrap items-center gap-x-2 py-1 pr-1 pl-3">
        <span className="min-w-0 truncate font-mono text-xs font-semibold">{attachment.name}</span>
        {data && (
          <span className="shrink-0 text-xs text-muted">
            {formatNumber(data.rows)} rows × {data.columns.length} columns
          </span>
        )}
        {!data && !error && (
          <span role="status" className="text-xs text-muted">
            Reading…
          </span>
        )}
        {data?.decimal_comma && <Badge tone="accent">decimal comma</Badge>}
        <span className="ml-auto flex items-center">
          {onAsText && (
            <Button tone="quiet" className="h-7" onClick={onAsText}>
              Keep as text
            </Button>
          )}
          {data && (
            <Button
              tone="quiet"
              className="h-7"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              {open ? 'Hide rows' : 'Show rows'}
            </Button>
          )}
          {onRemove && (
            <IconButton icon="close" label={`Remove ${attachment.name}`} onClick={onRemove} />
          )}
        </span>
      </header>
      {error && (
        <p role="alert" className="border-t border-line bg-bad-soft px-3 py-1.5 text-sm text-bad">
          {error}
        </p>
      )}
      {onChange && text !== null && (
        <CommaChoice
          text={text}
          className="border-t border-line px-3 py-1.5"
          onRead={(content) => onChange({ name: attachment.name, content })}
        />
      )}
      {data && <Columns columns={data.columns} />}
      {data?.notes?.length > 0 && (
        <ul className="border-t border-line px-3 py-1.5 text-xs text-ink-2">
          {data.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {data && open && <Head data={data} />}
    </section>
  );
}

function Columns({ columns }) {
  return (
    <ul aria-label="Columns" className="flex gap-px overflow-x-auto border-t border-line bg-line">
      {columns.map((c) => (
        <li key={c.name} className="flex min-w-32 flex-1 flex-col bg-raised px-3 py-1.5 text-xs">
          <span className="truncate font-medium" title={c.name}>
            {c.name}{' '}
            {c.unit && !c.name.includes(c.unit) && (
              <span className="font-normal text-muted">[{c.unit}]</span>
            )}
          </span>
          <span className="text-muted">
            {c.type}
            {c.group && ` · ${c.levels.length} groups`}
          </span>
          <span className="truncate font-mono text-2xs text-muted">{rangeOf(c)}</span>
          {typeof c.mean === 'number' && !c.group && (
            <span className="truncate font-mono text-2xs text-muted">
              mean {formatNumber(c.mean, 4)}
            </span>
          )}
          {c.missing > 0 && (
            <span className="text-2xs font-medium text-warn">{c.missing} missing</span>
          )}
        </li>
      ))}
    </ul>
  );
}

function rangeOf(column) {
  if (column.group)
    return column.levels
      .slice(0, 4)
      .map((l) => `${l.value} (${l.count})`)
      .join(', ');
  if (typeof column.minimum === 'number') {
    return `${formatNumber(column.minimum, 4)} … ${formatNumber(column.maximum, 4)}`;
  }
  return `${column.distinct} different`;
}

function Head({ data }) {
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label={`First rows of ${data.name}`}
      className="max-h-60 overflow-auto border-t border-line"
    >
      <table className="havoc-table">
        <thead>
          <tr>
            {data.columns.map((c) => (
              <th key={c.name} scope="col" className={c.type === 'number' ? 'text-right' : ''}>
                {c.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.head.map((row, r) => (
            <tr key={r}>
              {(Array.isArray(row) ? row : data.columns.map((c) => row[c.name])).map((cell, c) => (
                <td key={c} className={data.columns[c]?.type === 'number' ? 'text-right' : ''}>
                  {cell === null || cell === '' ? (
                    <span className="text-warn">missing</span>
                  ) : (
                    String(cell)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
