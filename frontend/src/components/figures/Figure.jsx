/** A figure of a result: its drawing, its data as a table, and its files. */
import { Component, useId, useMemo, useRef, useState } from 'react';

import { fullPrecision } from '../../lib/format.js';
import { short } from '../../lib/figures/numbers.js';
import { figureRows } from '../../lib/figures/rows.js';
import { copyFigure, saveFigure } from '../../lib/figures/save.js';
import { useDigits } from '../../lib/store.js';
import { Button, IconButton } from '../ui.jsx';
import ScrollRegion from './ScrollRegion.jsx';
import './figures.css';
import { KINDS } from './kinds.js';

const FORMATS = ['svg', 'png', 'csv'];

/**
 * @param figure `{ kind, title, data }`
 * @param result the result it belongs to (`{ name, operation, values, ... }`)
 * @param program the program's text
 * @param onRerun `({ program, reason }) => Promise`: runs the changed program with the same
 *   attachments and shows what came out
 */
export default function Figure({ figure, result, program, onRerun }) {
  useDigits(); // axes and labels show the decimal sign that is set
  const body = useRef(null);
  const id = useId();
  const Drawing = KINDS[figure.kind];
  return (
    <figure
      className="min-w-0 rounded-md border border-line bg-raised p-3"
      aria-labelledby={id}
      data-kind={figure.kind}
    >
      <figcaption className="mb-1 flex flex-wrap items-center gap-x-3 gap-y-1">
        <span id={id} className="min-w-0 flex-1 text-sm font-semibold text-ink">
          {figure.title}
        </span>
        <Save figure={figure} body={body} drawn={Boolean(Drawing)} />
      </figcaption>
      <div ref={body} className="min-w-0">
        <Guard key={JSON.stringify(Object.keys(figure.data))} title={figure.title}>
          {Drawing ? (
            <Drawing {...{ figure, result, program, onRerun }} />
          ) : (
            <Unknown figure={figure} />
          )}
        </Guard>
      </div>
      <DataTable figure={figure} />
    </figure>
  );
}

function Unknown({ figure }) {
  return (
    <p className="text-sm text-muted">
      This page has no drawing of the kind “{figure.kind}”; its data are in the table below.
    </p>
  );
}

function Save({ figure, body, drawn }) {
  const [error, setError] = useState(null);
  const [copied, setCopied] = useState(false);
  const save = async (format) => {
    setError(null);
    setCopied(false);
    try {
      const svgs = [...body.current.querySelectorAll('svg.chart-svg')];
      const paper = getComputedStyle(body.current.closest('figure')).backgroundColor;
      if (format === 'copy') {
        await copyFigure(figure, svgs, paper);
        setCopied(true);
        setTimeout(() => setCopied(false), 1500);
      } else await saveFigure(format, figure, svgs, paper);
    } catch (problem) {
      setError(problem.message);
    }
  };
  return (
    <span className="flex items-center gap-0.5">
      {drawn && (
        <IconButton
          icon={copied ? 'check' : 'copy'}
          label={`Copy ${figure.title} as an image`}
          className="!size-7"
          onClick={() => save('copy')}
        />
      )}
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
      {FORMATS.filter((f) => drawn || f === 'csv').map((format) => (
        <Button
          key={format}
          tone="quiet"
          className="h-7 px-1.5 text-xs"
          aria-label={`Save ${figure.title} as ${format.toUpperCase()}`}
          onClick={() => save(format)}
        >
          {format.toUpperCase()}
        </Button>
      ))}
      {error && (
        <span role="alert" className="text-xs text-bad">
          {error}
        </span>
      )}
    </span>
  );
}

const MOST_ROWS = 500;

function DataTable({ figure }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="mt-1 text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="text-muted">Data of the figure</summary>
      {open && <Rows figure={figure} />}
    </details>
  );
}

function Rows({ figure }) {
  const { columns, rows } = useMemo(() => figureRows(figure), [figure]);
  return (
    <ScrollRegion label={`Data of ${figure.title}`} className="mt-1 max-h-72">
      <table className="border-collapse tabular-nums">
        <thead>
          <tr>
            {columns.map((c, i) => (
              <th
                key={i}
                scope="col"
                className="sticky top-0 bg-raised px-2 py-1 text-left font-medium text-muted"
              >
                {typeof c === 'number' ? short(c) : c}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row, i) => (
            <tr key={i}>
              {row.map((v, j) => (
                <td
                  key={j}
                  className="px-2 py-0.5"
                  title={typeof v === 'number' ? fullPrecision(v) : undefined}
                >
                  {v === null || v === undefined ? '' : short(v, 6)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && (
        <p className="py-1 text-muted">
          The first {MOST_ROWS} of {rows.length} rows; the CSV has all.
        </p>
      )}
    </ScrollRegion>
  );
}

/** A figure that cannot be drawn says so and leaves the rest of the page alone. */
class Guard extends Component {
  state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  render() {
    if (!this.state.failed) return this.props.children;
    return (
      <p role="alert" className="text-sm text-bad">
        “{this.props.title}” could not be drawn; its data are in the table below.
      </p>
    );
  }
}
