/** Fields that take data: columns of a table that was given, or values typed here. */
import { useState } from 'react';

import { numbersOf, named } from '../../lib/operations/values.js';
import { Button, inputClass } from '../ui.jsx';

const areaClass =
  'w-full rounded-md border border-line-strong/60 bg-raised px-2 py-1.5 font-mono text-sm text-ink placeholder:text-muted';

const options = (variables) =>
  variables.flatMap((v) => v.columns.map((c) => `${v.name}.${named(c)}`));

export function ColumnField({ parameter, value, onChange, variables, described, label }) {
  const columns = options(variables);
  const picked = columns.includes(value);
  const [typing, setTyping] = useState(!picked);
  const typed = typing || (!picked && value !== '');
  if (!columns.length || typed)
    return (
      <div className="flex flex-col gap-1">
        <Typed {...{ parameter, value, onChange, described }} />
        {columns.length > 0 && (
          <Button
            tone="quiet"
            className="h-7 self-start"
            onClick={() => {
              setTyping(false);
              onChange('');
            }}
          >
            Pick a column instead
          </Button>
        )}
      </div>
    );
  return (
    <div className="flex gap-1.5">
      <select
        {...described}
        aria-label={label}
        className={inputClass}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{parameter.required ? 'choose a column' : 'none'}</option>
        {columns.map((c) => (
          <option key={c}>{c}</option>
        ))}
      </select>
      <Button
        tone="quiet"
        onClick={() => {
          setTyping(true);
          onChange('');
        }}
      >
        Type values
      </Button>
    </div>
  );
}

function Typed({ parameter, value, onChange, described }) {
  const numeric = parameter.kind !== 'labels';
  const list = numeric && value && !/[A-Za-z_`[]/.test(value) ? numbersOf(value) : null;
  return (
    <>
      <textarea
        {...described}
        className={areaClass}
        rows={value.length > 60 || value.includes('\n') ? 4 : 2}
        value={value}
        spellCheck={false}
        placeholder={
          numeric ? 'values, typed or pasted from a sheet: 10,2  10,4  9,9' : 'A, B, A, B'
        }
        onChange={(event) => onChange(event.target.value)}
      />
      {list && list.values.length > 0 && (
        <p className="text-xs text-ink-2" role="status">
          {list.values.length} {list.values.length === 1 ? 'value' : 'values'}:{' '}
          {list.values.slice(0, 4).join(', ')}
          {list.values.length > 4 && ' …'}
        </p>
      )}
    </>
  );
}

export function ColumnsField({ parameter, value, onChange, variables, described, label }) {
  const columns = options(variables);
  const tables = variables.map((v) => v.name);
  const chosen = chosenOf(value, columns);
  const [typing, setTyping] = useState(value !== '' && chosen === null && !tables.includes(value));
  if (!columns.length && !tables.length)
    return <Many {...{ parameter, value, onChange, described }} />;
  if (typing)
    return (
      <div className="flex flex-col gap-1">
        <Many {...{ parameter, value, onChange, described }} />
        <Button
          tone="quiet"
          className="h-7 self-start"
          onClick={() => {
            setTyping(false);
            onChange('');
          }}
        >
          Pick columns instead
        </Button>
      </div>
    );
  const toggle = (c) => {
    const now = chosen ?? [];
    const next = now.includes(c)
      ? now.filter((x) => x !== c)
      : columns.filter((x) => x === c || now.includes(x));
    onChange(next.length ? `[${next.join(', ')}]` : '');
  };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 text-sm">
      {tables.map((t, i) => (
        <label key={t} className="flex items-center gap-1.5">
          <input
            type="checkbox"
            {...(i === 0 ? described : {})}
            aria-label={`${label}: all columns of ${t}`}
            checked={value === t}
            onChange={() => onChange(value === t ? '' : t)}
          />
          all of <span className="font-mono">{t}</span>
        </label>
      ))}
      {columns.map((c) => (
        <label key={c} className="flex items-center gap-1.5 font-mono">
          <input
            type="checkbox"
            aria-label={`${label}: ${c}`}
            checked={chosen?.includes(c) ?? false}
            onChange={() => toggle(c)}
          />
          {c}
        </label>
      ))}
      <Button tone="quiet" className="h-7" onClick={() => setTyping(true)}>
        Type values
      </Button>
    </div>
  );
}
ColumnsField.group = true;

/** The columns that a list names, where it names only columns. */
function chosenOf(value, columns) {
  if (!value) return [];
  const parts = value
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((p) => p.trim());
  return parts.every((p) => columns.includes(p)) ? parts : null;
}

function Many({ value, onChange, described, parameter }) {
  return (
    <textarea
      {...described}
      aria-label={parameter.name}
      className={areaClass}
      rows={3}
      value={value}
      spellCheck={false}
      placeholder={'one line a column, or one list: 25.1 25.3 24.9 25.0'}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function TableField({ parameter, value, onChange, variables, described }) {
  if (!variables.length)
    return (
      <p {...{ id: described.id }} className="rounded-md bg-sunken px-2 py-1.5 text-sm text-muted">
        Give a table above: paste it or upload a file.
      </p>
    );
  return (
    <select
      {...described}
      className={inputClass}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{parameter.required ? 'choose a table' : 'none'}</option>
      {variables.map((v) => (
        <option key={v.name}>{v.name}</option>
      ))}
    </select>
  );
}
