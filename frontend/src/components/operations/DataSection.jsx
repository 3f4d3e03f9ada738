/** Data for a form: tables pasted from a sheet, files uploaded. */
import { useId, useState } from 'react';

import { previewData } from '../../lib/api.js';
import { explained } from '../../lib/explain.js';
import { textOf } from '../../lib/commas.js';
import { attachmentOf, ACCEPTED } from '../../lib/intake.js';
import { isNumeric, parseTable, tableStatement, variableName } from '../../lib/operations/data.js';
import { named, quoted } from '../../lib/operations/values.js';
import CommaChoice from '../CommaChoice.jsx';
import { Button, Icon, IconButton } from '../ui.jsx';

export default function DataSection({ form }) {
  const { sources, setSources, variables, setPreamble } = form;
  const [pasting, setPasting] = useState(false);
  const [error, setError] = useState(null);
  const id = useId();
  const taken = variables.map((v) => v.name);
  const add = (source) => setSources((all) => [...all, source]);
  const upload = async (files) => {
    const problems = [];
    const names = sources.map((s) => s.attachment?.name).filter(Boolean);
    const known = [...taken];
    for (const file of files) {
      try {
        const attachment = await attachmentOf(file, names);
        const seen = await previewData(attachment);
        const variable = variableName(attachment.name, known);
        names.push(attachment.name);
        known.push(variable);
        add({
          variable,
          line: `${variable} = data(${quoted(attachment.name)})`,
          columns: seen.columns.map((c) => c.name),
          attachment,
          text: textOf(attachment),
          note: noteOf(seen),
        });
      } catch (problem) {
        problems.push(explained(problem));
      }
    }
    setError(problems.join('\n') || null);
  };
  /** The table of a file in the reading of its commas that was chosen. */
  const reread = async (source, content) => {
    const attachment = { name: source.attachment.name, content };
    const seen = await previewData(attachment).catch((problem) => setError(explained(problem)));
    if (!seen) return;
    const next = { ...source, attachment, note: noteOf(seen) };
    setSources((all) => all.map((s) => (s.variable === source.variable ? next : s)));
  };
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <h2 id={id} className="engraved">
        Data
      </h2>
      {variables.map((v) => (
        <div
          key={v.name}
          className="flex items-center gap-2 rounded-md border border-line bg-raised py-1 pr-1 pl-3 text-sm"
        >
          <span className="font-mono font-medium">{v.name}</span>
          <span className="min-w-0 flex-1 truncate text-muted">
            {sources.find((s) => s.variable === v.name)?.note ?? v.operation}
            {v.columns.length > 0 && ` · ${v.columns.join(', ')}`}
          </span>
          <IconButton
            icon="close"
            label={`Remove ${v.name}`}
            onClick={() => {
              setSources((all) => all.filter((s) => s.variable !== v.name));
              setPreamble((lines) => lines.filter((l) => !l.startsWith(`${named(v.name)} =`)));
            }}
          />
        </div>
      ))}
      {sources
        .filter((s) => s.text)
        .map((s) => (
          <CommaChoice key={s.variable} text={s.text} onRead={(content) => reread(s, content)} />
        ))}
      <div className="flex flex-wrap gap-2">
        <Button aria-expanded={pasting} onClick={() => setPasting(!pasting)}>
          <Icon name="sheet" /> Paste a table
        </Button>
        <label className="inline-flex h-8 cursor-pointer items-center gap-1.5 rounded-md border border-line-strong/60 bg-raised px-2.5 text-sm font-medium focus-within:outline-2 focus-within:outline-focus hover:bg-sunken">
          <Icon name="attach" /> Upload a file
          <input
            type="file"
            className="sr-only"
            accept={ACCEPTED.join(',')}
            multiple
            onChange={(event) => {
              void upload([...event.target.files]);
              event.target.value = '';
            }}
          />
        </label>
      </div>
      {pasting && (
        <PasteBox
          taken={taken}
          onTable={(source) => {
            add(source);
            setPasting(false);
          }}
        />
      )}
      {error && (
        <p role="alert" className="text-sm whitespace-pre-line text-bad">
          {error}
        </p>
      )}
    </section>
  );
}

const noteOf = (seen) =>
  `${seen.name}: ${seen.rows} rows${seen.decimal_comma ? ', decimal commas' : ''}`;

function PasteBox({ taken, onTable }) {
  const id = useId();
  const [text, setText] = useState('');
  const [error, setError] = useState(null);
  const table = text.trim() ? parseTable(text) : null;
  const rows = table?.columns[0]?.cells.length ?? 0;
  const use = () => {
    try {
      const variable = variableName('runs', taken);
      const line = tableStatement(variable, table.columns);
      const note = `pasted, ${rows} rows${table.decimalComma ? ', decimal commas' : ''}`;
      onTable({ variable, line, columns: table.columns.map((c) => c.name), note });
    } catch (problem) {
      setError(problem.message);
    }
  };
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium text-ink-2">
        Cells copied from a spreadsheet or a CSV file, names in the first row
      </label>
      <textarea
        id={id}
        rows={6}
        value={text}
        spellCheck={false}
        className="w-full rounded-md border border-line-strong/60 bg-raised p-2 font-mono text-xs"
        placeholder={'lot\tthickness\n1\t10,2\n1\t10,4\n2\t9,9'}
        onChange={(event) => {
          setText(event.target.value);
          setError(null);
        }}
      />
      {text.trim() && (
        <p role="status" className="text-sm text-ink-2">
          {table
            ? `${rows} rows: ${table.columns.map((c) => `${c.name} (${isNumeric(c.cells) ? 'numbers' : 'words'})`).join(', ')}${table.decimalComma ? '; commas are decimal commas' : ''}`
            : 'This is no table: a first row of names, then rows of as many cells.'}
        </p>
      )}
      {table && <CommaChoice text={text} onRead={setText} />}
      {error && (
        <p role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
      <Button tone="primary" className="self-start" disabled={!table} onClick={use}>
        Use this table
      </Button>
    </div>
  );
}
