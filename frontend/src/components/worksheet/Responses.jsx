/** The responses of a sheet: name, unit, what is wanted of it. */
import { useId } from 'react';

import { addResponse, progress, removeResponse, setResponse } from '../../lib/worksheet/sheet.js';
import { Button, Icon, IconButton, inputClass } from '../ui.jsx';

const GOALS = [
  ['maximize', 'as large as possible'],
  ['minimize', 'as small as possible'],
  ['target', 'on target'],
  ['none', 'no goal'],
];

export default function Responses({ sheet, onChange }) {
  return (
    <section aria-label="Responses" className="no-print flex flex-col gap-2">
      <h2 className="engraved">Responses</h2>
      {sheet.responses.map((r, k) => (
        <Response
          key={k}
          response={r}
          k={k}
          clash={nameProblem(sheet, k)}
          done={progress(sheet, k)}
          onlyOne={sheet.responses.length === 1}
          onChange={(change) =>
            onChange((s) => setResponse(s, k, change), `${k}.${Object.keys(change)[0]}`)
          }
          onRemove={() => onChange((s) => removeResponse(s, k))}
        />
      ))}
      <Button tone="quiet" className="self-start" onClick={() => onChange(addResponse)}>
        <Icon name="plus" /> Add a response
      </Button>
    </section>
  );
}

/** What is wrong with a response's name, or ''. */
export function nameProblem(sheet, k) {
  const name = sheet.responses[k].name.trim();
  if (!name) return 'a response needs a name';
  const others = [
    ...sheet.factors.map((f) => f.name),
    ...sheet.responses.filter((_, i) => i !== k).map((r) => r.name.trim()),
    'block',
  ];
  return others.includes(name) ? `'${name}' is the name of another column` : '';
}

function Response({ response, k, clash, done, onlyOne, onChange, onRemove }) {
  const id = useId();
  return (
    <div className="flex flex-wrap items-end gap-2">
      <label className="flex min-w-32 flex-1 flex-col text-xs text-muted" htmlFor={`${id}n`}>
        Name
        <input
          id={`${id}n`}
          className={inputClass}
          value={response.name}
          aria-invalid={clash ? true : undefined}
          aria-describedby={`${id}e`}
          onChange={(e) => onChange({ name: e.target.value })}
        />
      </label>
      <label className="flex w-20 flex-col text-xs text-muted" htmlFor={`${id}u`}>
        Unit
        <input
          id={`${id}u`}
          className={inputClass}
          value={response.unit}
          onChange={(e) => onChange({ unit: e.target.value })}
        />
      </label>
      <label className="flex w-44 flex-col text-xs text-muted" htmlFor={`${id}g`}>
        Goal
        <select
          id={`${id}g`}
          className={inputClass}
          value={response.goal}
          onChange={(e) => onChange({ goal: e.target.value })}
        >
          {GOALS.map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {response.goal === 'target' && (
        <label className="flex w-24 flex-col text-xs text-muted" htmlFor={`${id}t`}>
          Target
          <input
            id={`${id}t`}
            className={inputClass}
            inputMode="decimal"
            value={response.target}
            onChange={(e) => onChange({ target: e.target.value })}
          />
        </label>
      )}
      <span className="pb-1.5 text-xs text-muted tabular-nums">
        {done.filled} of {done.n}
      </span>
      <IconButton
        icon="trash"
        label={`Remove response ${k + 1}`}
        disabled={onlyOne}
        onClick={onRemove}
      />
      <p id={`${id}e`} className="w-full text-xs text-bad empty:hidden">
        {clash}
      </p>
    </div>
  );
}
