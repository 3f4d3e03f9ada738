/** Fields of several rows: the factors of a design, names with expressions. */
import { Button, Icon, IconButton, inputClass } from '../ui.jsx';

const MONO = `${inputClass} font-mono`;

function Rows({ value, onChange, empty, columns, add, label, described }) {
  const rows = value.length ? value : [empty];
  const set = (i, change) => onChange(rows.map((r, k) => (k === i ? { ...r, ...change } : r)));
  return (
    <div className="flex flex-col gap-2">
      {rows.map((row, i) => (
        <div key={i} className="flex items-end gap-1.5">
          <div
            className={`grid flex-1 gap-1.5 ${columns.length > 2 ? 'grid-cols-2 sm:grid-cols-[1.4fr_1fr_1fr_0.8fr_1.6fr]' : 'grid-cols-2'}`}
          >
            {columns.map((c, k) => (
              <input
                key={c.key}
                {...(i === 0 && k === 0
                  ? described
                  : { 'aria-invalid': described['aria-invalid'] })}
                aria-label={`${label} ${i + 1}: ${c.words}`}
                className={c.mono === false ? inputClass : MONO}
                value={row[c.key] ?? ''}
                placeholder={c.words}
                inputMode={c.mode}
                disabled={c.unless ? Boolean(row[c.unless]?.trim()) : undefined}
                onChange={(event) => set(i, { [c.key]: event.target.value })}
              />
            ))}
          </div>
          <IconButton
            icon="close"
            label={`Remove ${label} ${i + 1}`}
            disabled={rows.length === 1 && !value.length}
            onClick={() => onChange(rows.filter((_, k) => k !== i))}
          />
        </div>
      ))}
      <Button tone="quiet" className="self-start" onClick={() => onChange([...rows, empty])}>
        <Icon name="plus" /> {add}
      </Button>
    </div>
  );
}

const FACTOR = { name: '', low: '', high: '', unit: '', levels: '' };

export function FactorRows({ value, onChange, described }) {
  return (
    <Rows
      {...{ value, onChange, described }}
      empty={FACTOR}
      label="factor"
      add="Add a factor"
      columns={[
        { key: 'name', words: 'name', mono: false },
        { key: 'low', words: 'low', mode: 'decimal', unless: 'levels' },
        { key: 'high', words: 'high', mode: 'decimal', unless: 'levels' },
        { key: 'unit', words: 'unit' },
        { key: 'levels', words: 'or levels: A, B' },
      ]}
    />
  );
}
FactorRows.group = true;

export function AssignmentRows({ value, onChange, described }) {
  return (
    <Rows
      {...{ value, onChange, described }}
      empty={{ name: '', expression: '' }}
      label="line"
      add="Add a line"
      columns={[
        { key: 'name', words: 'name', mono: false },
        { key: 'expression', words: 'expression' },
      ]}
    />
  );
}
AssignmentRows.group = true;
