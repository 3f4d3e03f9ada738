import { useRef } from 'react';

import { download, toCsv } from '../../lib/exporting.js';
import { IconButton } from '../ui.jsx';

/** A table of the answer: scrolls by itself when wide, and can be taken along as CSV. */
export function MarkdownTable({ children }) {
  const ref = useRef(null);
  const save = () => {
    const [head, ...rows] = [...ref.current.rows].map((r) => [...r.cells].map(cellValue));
    download('table.csv', toCsv(head, rows), 'text/csv');
  };
  return (
    <div className="group relative my-2">
      <div
        tabIndex={0}
        className="max-h-[32rem] overflow-auto rounded-md border border-line bg-raised"
      >
        <table ref={ref} className="havoc-table">
          {children}
        </table>
      </div>
      <IconButton
        icon="download"
        label="Download this table as CSV"
        onClick={save}
        className="absolute top-0 right-0 bg-raised/90 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 focus-visible:opacity-100"
      />
    </div>
  );
}

/** A cell that holds one number gives it in full precision. */
function cellValue(cell) {
  const text = cell.textContent.trim();
  const link = cell.querySelector('[data-value]');
  return link && link.textContent.trim() === text ? link.dataset.value : text;
}
