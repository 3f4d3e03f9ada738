import { useRef } from 'react';

import { download, toCsv, toTsv } from '../../lib/exporting.js';
import { decimalComma } from '../../lib/format.js';
import { CopyButton } from './CodeBlock.jsx';
import { IconButton } from '../ui.jsx';

/** A table of the answer: scrolls by itself when wide, and can be taken along as CSV. */
export function MarkdownTable({ children }) {
  const ref = useRef(null);
  const cells = () => {
    const [head, ...rows] = [...ref.current.rows].map((r) => [...r.cells].map(cellValue));
    return [head, rows];
  };
  const save = () => download('table.csv', toCsv(...cells()), 'text/csv');
  return (
    <div className="group relative my-2">
      <div
        tabIndex={0}
        role="group"
        aria-label="Table"
        className="max-h-[32rem] overflow-auto rounded-md border border-line bg-raised"
      >
        <table ref={ref} className="havoc-table">
          {children}
        </table>
      </div>
      <span className="absolute top-0 right-0 flex rounded-md bg-raised/90 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
        <CopyButton
          label="Copy this table for a spreadsheet"
          text={() => toTsv(...cells(), { decimalComma: decimalComma() })}
        />
        <IconButton icon="download" label="Download this table as CSV" onClick={save} />
      </span>
    </div>
  );
}

/** A cell that holds one number gives it in full precision. */
function cellValue(cell) {
  const text = cell.textContent.trim();
  const link = cell.querySelector('[data-value]');
  return link && link.textContent.trim() === text ? Number(link.dataset.value) : text;
}
