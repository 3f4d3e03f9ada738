/** The parameters of an operation as fields: the needed ones first, the others below. */
import { useId } from 'react';

import { isEmpty, limitWords } from '../../lib/operations/fields.js';
import { CONTROLS } from './controls.js';

export default function OperationForm({
  operation,
  values,
  variables,
  errors,
  disabled,
  onChange,
}) {
  const needed = operation.parameters.filter((p) => p.required || p.variadic);
  const first = needed.length ? needed : operation.parameters.slice(0, 3);
  const rest = operation.parameters.filter((p) => !first.includes(p));
  const filled = rest.filter((p) => !isEmpty(p.kind, values[p.name])).length;
  const field = (p) => (
    <ParameterField
      key={p.name}
      parameter={p}
      value={values[p.name]}
      error={errors[p.name]}
      variables={variables}
      onChange={(value) => onChange(p.name, value)}
    />
  );
  return (
    <fieldset disabled={disabled} className="flex min-w-0 flex-col gap-4">
      <legend className="engraved mb-2">Parameters</legend>
      {disabled && (
        <p className="text-sm text-muted">
          The program below was changed by hand; go back to the form to use these fields.
        </p>
      )}
      <div className="grid gap-4 sm:grid-cols-2">{first.map(field)}</div>
      {rest.length > 0 && (
        <details open={filled > 0 || rest.length <= 4}>
          <summary className="text-sm font-medium text-ink-2">
            {rest.length} more {rest.length === 1 ? 'parameter' : 'parameters'}
            {filled > 0 && `, ${filled} set`}
          </summary>
          <div className="mt-3 grid gap-4 sm:grid-cols-2">{rest.map(field)}</div>
        </details>
      )}
    </fieldset>
  );
}

const WIDE = new Set(['factors', 'assignments', 'matrix', 'samples', 'columns', 'formula']);

function ParameterField({ parameter, value, error, variables, onChange }) {
  const id = useId();
  const Control = CONTROLS[parameter.kind] ?? CONTROLS.expression;
  const hints = [parameter.doc, limitWords(parameter), defaultWords(parameter)]
    .filter(Boolean)
    .join('; ');
  const described = {
    id,
    'aria-describedby': `${id}-hint`,
    'aria-invalid': error ? true : undefined,
  };
  const Label = Control.group ? 'span' : 'label';
  return (
    <div
      className={`flex min-w-0 flex-col gap-1 ${WIDE.has(parameter.kind) ? 'sm:col-span-2' : ''}`}
      {...(Control.group ? { role: 'group', 'aria-labelledby': `${id}-label` } : {})}
    >
      <Label
        id={`${id}-label`}
        {...(Control.group ? {} : { htmlFor: id })}
        className="text-sm font-medium"
      >
        <span className="font-mono">{parameter.name}</span>
        {parameter.required && ' '}
        {parameter.required && (
          <span className="ml-1 text-xs font-normal text-muted">(needed)</span>
        )}
        {parameter.unit && (
          <span className="ml-1 text-xs font-normal text-muted">in {parameter.unit}</span>
        )}
      </Label>
      <Control {...{ parameter, value, onChange, variables, described, label: parameter.name }} />
      <p id={`${id}-hint`} className={`text-xs ${error ? 'text-bad' : 'text-muted'}`}>
        {error ? `${error}. ` : ''}
        {hints}
      </p>
    </div>
  );
}

function defaultWords({ default: value, required, kind }) {
  if (required || value === null || value === undefined || (Array.isArray(value) && !value.length))
    return '';
  if (kind === 'boolean') return `otherwise ${value ? 'yes' : 'no'}`;
  return `otherwise ${Array.isArray(value) ? value.join(', ') : value}`;
}
