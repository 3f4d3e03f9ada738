/** The worksheets of this browser, and where new ones come from. */
import { useEffect, useState } from 'react';

import { useApp } from '../../lib/store.js';
import { progress } from '../../lib/worksheet/sheet.js';
import { listSheets, removeSheet } from '../../lib/worksheet/store.js';
import { Button, IconButton, Waiting } from '../ui.jsx';

const STARTS = [
  ['doe.full_factorial', 'Full factorial', 'every combination of a few factors'],
  ['doe.fractional_factorial', 'Fractional factorial', 'many factors in few runs'],
  ['doe.plackett_burman', 'Plackett-Burman', 'screening of main effects'],
  [
    'doe.definitive_screening',
    'Definitive screening',
    'main effects and curvature in about 2k + 1 runs',
  ],
  ['doe.box_behnken', 'Box-Behnken', 'response surface, no extreme corners'],
  ['doe.central_composite', 'Central composite', 'response surface with axial runs'],
  ['doe.optimal', 'Optimal', 'constraints, categories, any number of runs'],
  ['doe.split_plot', 'Split plot', 'factors that are hard to change'],
  ['doe.extreme_vertices', 'Mixture', 'blends with limits on their parts'],
];

export default function SheetList() {
  const go = useApp((s) => s.go);
  const [sheets, setSheets] = useState(null);
  useEffect(() => {
    let wanted = true;
    void listSheets().then((found) => wanted && setSheets(found));
    return () => {
      wanted = false;
    };
  }, []);
  if (!sheets) return <Waiting label="Loading the worksheets" />;
  return (
    <div className="mx-auto flex max-w-4xl flex-col gap-6 p-4 sm:p-6">
      <h1 className="text-lg font-semibold">Worksheets</h1>
      {sheets.length === 0 ? (
        <p className="text-ink-2">
          No worksheet yet. Ask for a design in the chat, or make one below; it opens here as a
          sheet to fill in.
        </p>
      ) : (
        <ul className="flex flex-col divide-y divide-line rounded-md border border-line bg-raised">
          {sheets.map((sheet) => (
            <SheetRow
              key={sheet.id}
              sheet={sheet}
              onOpen={() => go('worksheet', sheet.id)}
              onRemove={async () => {
                await removeSheet(sheet.id);
                setSheets((all) => all.filter((s) => s.id !== sheet.id));
              }}
            />
          ))}
        </ul>
      )}
      <section className="flex flex-col gap-2">
        <h2 className="engraved">New design</h2>
        <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
          {STARTS.map(([name, title, what]) => (
            <li key={name}>
              <a
                href={`#/operations/${encodeURIComponent(name)}`}
                onClick={(event) => {
                  event.preventDefault();
                  go('operations', name);
                }}
                className="block h-full rounded-md border border-line bg-panel p-3 hover:bg-sunken"
              >
                <span className="block text-sm font-medium">{title}</span>
                <span className="block text-xs text-muted">{what}</span>
              </a>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function SheetRow({ sheet, onOpen, onRemove }) {
  const [asked, setAsked] = useState(false);
  const done = sheet.responses
    .map((r, k) => `${r.name} ${progress(sheet, k).filled}/${sheet.rows.length}`)
    .join(', ');
  return (
    <li className="flex flex-wrap items-center gap-2 p-2 pl-3">
      <a
        href={`#/worksheet/${sheet.id}`}
        className="min-w-0 flex-1"
        onClick={(event) => {
          event.preventDefault();
          onOpen();
        }}
      >
        <span className="block truncate text-sm font-medium text-accent underline">
          {sheet.title}
        </span>
        <span className="block text-xs text-muted">
          {sheet.rows.length} runs · {sheet.factors.map((f) => f.name).join(', ')} · {done} ·{' '}
          <time dateTime={sheet.changed}>{new Date(sheet.changed).toLocaleString()}</time>
        </span>
      </a>
      {asked ? (
        <>
          <Button tone="danger" onClick={onRemove}>
            Delete {sheet.title}
          </Button>
          {/* what takes the focus deletes nothing */}
          <Button autoFocus onClick={() => setAsked(false)}>
            Keep
          </Button>
        </>
      ) : (
        <IconButton icon="trash" label={`Delete ${sheet.title}`} onClick={() => setAsked(true)} />
      )}
    </li>
  );
}
