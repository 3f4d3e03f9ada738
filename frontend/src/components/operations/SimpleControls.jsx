/** Fields of one line or one choice. */
import { rangeParts } from '../../lib/operations/fields.js';
import { inputClass } from '../ui.jsx';

const MONO = `${inputClass} font-mono`;
const areaClass =
  'w-full rounded-md border border-line-strong/60 bg-raised px-2 py-1.5 font-mono text-sm text-ink placeholder:text-muted';

/** Text in the language's own notation; `written` shows what it looks like. */
export function Line({ parameter, value, onChange, described }) {
  return (
    <input
      {...described}
      className={MONO}
      value={value}
      spellCheck={false}
      placeholder={parameter.written.replaceAll('"', parameter.kind === 'text' ? '' : '"')}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function Lines({ parameter, value, onChange, described }) {
  return (
    <textarea
      {...described}
      className={areaClass}
      rows={4}
      value={value}
      spellCheck={false}
      placeholder={parameter.kind === 'matrix' ? '1 2\n3 4' : parameter.written}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function NumberField({ parameter, value, onChange, described }) {
  const shown = parameter.default ?? '';
  return (
    <input
      {...described}
      className={MONO}
      value={value}
      inputMode={parameter.kind === 'integer' ? 'numeric' : 'decimal'}
      autoComplete="off"
      placeholder={shown === '' ? '' : String(shown)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function BooleanField({ parameter, value, onChange, described }) {
  const word = parameter.default === null ? '' : ` (${parameter.default ? 'yes' : 'no'})`;
  return (
    <select
      {...described}
      className={inputClass}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">as usual{word}</option>
      <option value="true">yes</option>
      <option value="false">no</option>
    </select>
  );
}

export function ChoiceField({ parameter, value, onChange, described }) {
  return (
    <select
      {...described}
      className={inputClass}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">
        {parameter.default === null ? 'choose' : `as usual (${parameter.default})`}
      </option>
      {parameter.choices.map((c) => (
        <option key={c} value={c}>
          {c.replaceAll('_', ' ')}
        </option>
      ))}
    </select>
  );
}

/** Low, high and unit, kept as the language's `low..high unit`. */
export function RangeField({ value, onChange, described, label }) {
  const parts = rangeParts(value) ?? { low: '', high: '', unit: '' };
  const set = (change) => {
    const next = { ...parts, ...change };
    const empty = !next.low.trim() && !next.high.trim() && !next.unit.trim();
    onChange(empty ? '' : `${next.low.trim()}..${next.high.trim()} ${next.unit}`.trimEnd());
  };
  const field = (key, words, mode) => (
    <input
      {...(key === 'low' ? described : {})}
      aria-label={`${label}: ${words}`}
      aria-invalid={described['aria-invalid']}
      className={MONO}
      value={parts[key]}
      placeholder={words}
      inputMode={mode}
      onChange={(event) => set({ [key]: event.target.value })}
    />
  );
  return (
    <div className="grid grid-cols-[1fr_auto_1fr_5rem] items-center gap-1.5">
      {field('low', 'low', 'decimal')}
      <span aria-hidden="true">to</span>
      {field('high', 'high', 'decimal')}
      {field('unit', 'unit', 'text')}
    </div>
  );
}
RangeField.group = true;
