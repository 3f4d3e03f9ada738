import { useMemo, useState } from 'react';

import { download, fileName, toCsv, toTsv } from '../lib/exporting.js';
import { decimalComma, formatNumber } from '../lib/format.js';
import { useDigits } from '../lib/store.js';
import { saveWorkbook } from '../lib/workbook.js';
import { CopyButton } from './markdown/CodeBlock.jsx';
import { Button, Icon } from './ui.jsx';

const FIRST_ROWS = 50;

/** A table of a result: sortable, in the reader's digits, downloadable in full precision. */
export default function DataTable({ name, columns, rows, caption = true }) {
  const digits = useDigits();
  const [sort, setSort] = useState(null); // { column, down }
  const [all, setAll] = useState(false);
  const sorted = useMemo(() => sortRows(rows, sort), [rows, sort]);
  const shown = all ? sorted : sorted.slice(0, FIRST_ROWS);
  const numeric = useMemo(
    () =>
      columns.map(
        (_, c) =>
          rows.some((r) => typeof r[c] === 'number') &&
          rows.every((r) => r[c] === null || typeof r[c] === 'number'),
      ),
    [columns, rows],
  );
  const turn = (column) =>
    setSort((s) =>
      s?.column !== column ? { column, down: false } : s.down ? null : { column, down: true },
    );
  return (
    <div className="my-2 overflow-hidden rounded-md border border-line bg-raised">
      <div className="flex items-center justify-between gap-2 border-b border-line bg-sunken/60 py-0.5 pr-1 pl-3">
        <span className="text-sm font-medium">
          {caption && name}{' '}
          <span className="text-xs font-normal text-muted">
            {rows.length} × {columns.length}
          </span>
        </span>
        <span className="flex">
          <CopyButton
            label="Copy this table for a spreadsheet"
            text={() => toTsv(columns, sorted, { decimalComma: decimalComma() })}
          />
          <Button
            tone="quiet"
            onClick={() =>
              download(fileName(name || 'table', 'csv'), toCsv(columns, rows), 'text/csv')
            }
          >
            <Icon name="download" /> CSV
          </Button>
          <Button tone="quiet" onClick={() => saveWorkbook(name || 'table', columns, rows)}>
            <Icon name="download" /> XLSX
          </Button>
        </span>
      </div>
      <div
        tabIndex={0}
        role="region"
        aria-label={name || 'Table'}
        className="max-h-96 overflow-auto"
      >
        <table className="havoc-table">
          <thead>
            <tr>
              {columns.map((column, c) => (
                <th
                  key={c}
                  scope="col"
                  aria-sort={ariaSort(sort, c)}
                  className={numeric[c] ? 'text-right' : ''}
                >
                  <button type="button" className="font-semibold" onClick={() => turn(c)}>
                    {column}
                    {sort?.column === c && (
                      <span aria-hidden="true">{sort.down ? ' ↓' : ' ↑'}</span>
                    )}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, r) => (
              <tr key={r}>
                {row.map((cell, c) => (
                  <td
                    key={c}
                    className={numeric[c] ? 'text-right' : ''}
                    title={typeof cell === 'number' ? String(cell) : undefined}
                  >
                    {cell === null ? '–' : formatNumber(cell, digits)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown.length && (
        <Button tone="quiet" className="m-1" onClick={() => setAll(true)}>
          Show all {rows.length} rows
        </Button>
      )}
    </div>
  );
}

function ariaSort(sort, column) {
  if (sort?.column !== column) return 'none';
  return sort.down ? 'descending' : 'ascending';
}

export function sortRows(rows, sort) {
  if (!sort) return rows;
  const { column, down } = sort;
  const sign = down ? -1 : 1;
  const compare = (a, b) => {
    if (a === b) return 0;
    if (a === null) return 1; // what is missing stays at the end
    if (b === null) return -1;
    const order =
      typeof a === 'number' && typeof b === 'number'
        ? a - b
        : String(a).localeCompare(String(b), undefined, { numeric: true });
    return sign * order;
  };
  return [...rows].sort((x, y) => compare(x[column], y[column]));
}
