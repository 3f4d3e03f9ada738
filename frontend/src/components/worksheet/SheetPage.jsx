/** One worksheet: the design, its responses, the analysis. Everything typed is saved at once. */
import { useCallback, useEffect, useRef, useState } from 'react';

import { download, fileName, toTsv } from '../../lib/exporting.js';
import { decimalComma } from '../../lib/format.js';
import { CopyButton } from '../markdown/CodeBlock.jsx';
import { useApp } from '../../lib/store.js';
import { saveWorkbook } from '../../lib/workbook.js';
import { sheetCsv, sheetTable } from '../../lib/worksheet/sheet.js';
import { saveSheet } from '../../lib/worksheet/store.js';
import { begin, redo, step, undo } from '../../lib/worksheet/undo.js';
import { Badge, Button, Icon, IconButton } from '../ui.jsx';
import Analysis from './Analysis.jsx';
import Grid from './Grid.jsx';
import Responses from './Responses.jsx';

/**
 * The sheet and what was done to it, saved after each change; `saved` is true, false (the browser
 * keeps nothing) or null.
 */
function useSheet(initial) {
  const [history, setHistory] = useState(() => begin(initial));
  const sheet = history.now;
  const [saved, setSaved] = useState(true);
  const latest = useRef(initial);
  useEffect(() => {
    if (latest.current === sheet) return;
    latest.current = sheet;
    setSaved(null);
    void saveSheet(sheet).then((ok) => latest.current === sheet && setSaved(ok));
  }, [sheet]);
  return [history, setHistory, saved];
}

export default function SheetPage({ initial }) {
  const [history, setHistory, saved] = useSheet(initial);
  const sheet = history.now;
  const [coded, setCoded] = useState(false);
  const [by, setBy] = useState('run');
  const [note, setNote] = useState('');
  const go = useApp((s) => s.go);
  const change = useCallback(
    (make, field = null) => setHistory((h) => step(h, make(h.now), field)),
    [setHistory],
  );
  const back = history.past.length > 0 && (() => setHistory(undo));
  const forth = history.future.length > 0 && (() => setHistory(redo));
  /** As in a spreadsheet; the fields' own undo knows nothing of pasted columns. */
  const onKeyDown = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const again = key === 'y' || (key === 'z' && event.shiftKey);
    if (key !== 'z' && key !== 'y') return;
    event.preventDefault();
    const act = again ? forth : back;
    if (act) act();
  };
  useEffect(() => {
    useApp.setState({ subject: sheet.title });
    return () => useApp.setState({ subject: '' });
  }, [sheet.title]);
  const hasCoded = sheet.rows.every((r) => r.coded);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- undo, from any field
    <article className="mx-auto flex max-w-6xl flex-col gap-4 p-4 sm:p-6" onKeyDown={onKeyDown}>
      <Button tone="quiet" className="no-print self-start" onClick={() => go('worksheet')}>
        <Icon name="left" /> All worksheets
      </Button>
      <header className="flex flex-col gap-1">
        <h1 className="flex">
          <input
            aria-label="Title of the worksheet"
            className="w-full rounded-md border border-transparent bg-transparent px-1 text-lg font-semibold hover:border-line focus:border-line-strong"
            value={sheet.title}
            onChange={(event) => change((s) => ({ ...s, title: event.target.value }), 'title')}
          />
        </h1>
        <p className="flex flex-wrap items-center gap-2 px-1 text-sm text-ink-2">
          <span>{sheet.rows.length} runs</span>
          <span>{sheet.factors.length} factors</span>
          {sheet.seed !== null && <span>randomised with seed {sheet.seed}</span>}
          <span className="font-mono text-xs text-muted">{sheet.operation}</span>
          <Saved saved={saved} />
        </p>
      </header>
      <div
        role="toolbar"
        aria-label="View of the worksheet"
        className="no-print flex flex-wrap items-center gap-2"
      >
        {hasCoded && (
          <Button aria-pressed={coded} onClick={() => setCoded(!coded)}>
            {coded ? 'Show natural units' : 'Show coded units'}
          </Button>
        )}
        <Button aria-pressed={by === 'std'} onClick={() => setBy(by === 'std' ? 'run' : 'std')}>
          {by === 'std' ? 'Sort by run order' : 'Sort by standard order'}
        </Button>
        <IconButton
          icon="undo"
          label="Undo"
          className="!border-line-strong/60 !bg-raised"
          aria-disabled={!back}
          onClick={() => back && back()}
        />
        <IconButton
          icon="redo"
          label="Redo"
          className="!border-line-strong/60 !bg-raised"
          aria-disabled={!forth}
          onClick={() => forth && forth()}
        />
        <Button onClick={() => window.print()}>Print</Button>
        <CopyButton
          label="Copy the worksheet for a spreadsheet"
          className="!border-line-strong/60 !bg-raised"
          text={() => {
            const { columns, rows } = sheetTable(sheet, { coded, by });
            return toTsv(columns, rows, { decimalComma: decimalComma() });
          }}
        />
        <Button
          onClick={() =>
            download(fileName(sheet.title, 'csv'), sheetCsv(sheet, { coded, by }), 'text/csv')
          }
        >
          <Icon name="download" /> CSV
        </Button>
        <Button
          onClick={() =>
            download(
              fileName(sheet.title, 'csv'),
              sheetCsv(sheet, { coded, by, decimalComma: true }),
              'text/csv',
            )
          }
        >
          <Icon name="download" /> CSV with decimal commas
        </Button>
        <Button
          onClick={() => {
            const { columns, rows } = sheetTable(sheet, { coded, by });
            void saveWorkbook(sheet.title, columns, rows);
          }}
        >
          <Icon name="download" /> XLSX
        </Button>
      </div>
      <Responses sheet={sheet} onChange={change} />
      <Grid sheet={sheet} coded={coded && hasCoded} by={by} onChange={change} onNote={setNote} />
      <p role="status" className="no-print min-h-5 text-sm text-muted">
        {note}
      </p>
      <Analysis sheet={sheet} />
    </article>
  );
}

function Saved({ saved }) {
  if (saved === false) return <Badge tone="warn">not saved: this browser keeps nothing</Badge>;
  return (
    <span role="status" className="text-xs text-muted">
      {saved === null ? 'saving' : 'saved in this browser'}
    </span>
  );
}
