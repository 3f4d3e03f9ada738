/**
 * A form's fields: for each kind of parameter how what was typed is written in the language, and
 * what is wrong with it. A field's value is text, except for the rows of FACTORS and ASSIGNMENTS.
 */
import { splitTop } from '../figures/program.js';
import { named, numberText, numbersOf, quoted, unquoted } from './values.js';

const COLUMN_KINDS = new Set(['sample', 'labels', 'column']);
const LIST_KINDS = new Set(['samples', 'columns', 'symbols', 'expressions']);
export const ROW_KINDS = new Set(['factors', 'assignments']);

export const isColumn = (kind) => COLUMN_KINDS.has(kind);
export const isColumns = (kind) => kind === 'samples' || kind === 'columns';

/** What a field holds before anything is typed. */
export const emptyValue = (kind) => (ROW_KINDS.has(kind) ? [] : '');

/** Whether nothing was typed. */
export const isEmpty = (kind, value) =>
  ROW_KINDS.has(kind)
    ? !(value ?? []).some((r) => Object.values(r).some((v) => v.trim()))
    : !(value ?? '').trim();

/**
 * The argument's text, or the reason why there is none: `{text}`, `{error}` or `{}` when it is left
 * out. `rows` kinds give `{texts}`, one keyword each.
 */
export function written(parameter, value) {
  const { kind } = parameter;
  if (isEmpty(kind, value))
    return parameter.required && parameter.kind !== 'factors' ? { error: 'needed' } : {};
  if (kind === 'factors') return rows(value, factor);
  if (kind === 'assignments') return rows(value, assignment);
  return (WRITERS[kind] ?? asIs)(value.trim(), parameter);
}

const asIs = (text) => (balanced(text) ? { text } : { error: 'a bracket or quote is open' });

function balanced(text) {
  let depth = 0;
  let quote = false;
  for (const c of text.replace(/\\./g, '')) {
    if (c === '"') quote = !quote;
    else if (!quote && '([{'.includes(c)) depth += 1;
    else if (!quote && ')]}'.includes(c)) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0 && !quote;
}

function number(text, parameter) {
  const [, amount, unit = ''] = /^([^A-Za-z%°µμΩ]+?)\s*([A-Za-z%°µμΩ].*)?$/.exec(text) ?? [];
  const plain = amount === undefined ? null : numberText(amount);
  // 1e-3 has a letter: the whole text may be one number.
  const whole = numberText(text);
  if (whole === null && plain === null) return asName(text);
  const value = whole ?? plain;
  const error = outside(Number(value) * (unit === '%' && whole === null ? 0.01 : 1), parameter);
  if (error) return { error };
  return { text: whole ?? (unit === '%' ? `${plain}%` : `${plain} ${unit}`) };
}

/** Limits of an integral such as oo or pi/2 are names and expressions, not digits. */
const asName = (text) =>
  /^-?[A-Za-z(][\w()+\-*/^. ]*$/.test(text) && balanced(text)
    ? { text }
    : { error: `'${text}' is not a number` };

function integer(text, parameter) {
  const plain = numberText(text);
  if (plain === null || !Number.isInteger(Number(plain)))
    return { error: `'${text}' is not a whole number` };
  const error = outside(Number(plain), parameter);
  return error ? { error } : { text: plain };
}

const SIGNS = [
  ['minimum', (v, l) => v >= l, 'at least'],
  ['exclusive_minimum', (v, l) => v > l, 'above'],
  ['maximum', (v, l) => v <= l, 'at most'],
  ['exclusive_maximum', (v, l) => v < l, 'below'],
];

/** What is wrong with a number, or null. */
function outside(value, parameter) {
  const broken = SIGNS.find(
    ([key, holds]) => parameter[key] !== undefined && !holds(value, parameter[key]),
  );
  return broken ? `must be ${broken[2]} ${parameter[broken[0]]}` : null;
}

/** The limits of a parameter in words: "at least 2, at most 1000". */
export const limitWords = (parameter) =>
  SIGNS.filter(([key]) => parameter[key] !== undefined)
    .map(([key, , word]) => `${word} ${parameter[key]}`)
    .join(', ');

function range(text) {
  const parts = rangeParts(text);
  if (!parts) return { error: 'a range has a low and a high end: 150..200 degC' };
  const [low, high] = [numberText(parts.low), numberText(parts.high)];
  if (low === null || high === null) return { error: 'both ends are numbers' };
  if (Number(low) >= Number(high)) return { error: 'the low end must be below the high end' };
  return { text: `${low}..${high}${parts.unit ? ` ${parts.unit}` : ''}` };
}

/** `150..200 degC` as `{low, high, unit}`; null when it is no range. */
export function rangeParts(text) {
  const match = /^\s*(.*?)\s*\.\.\s*(\S*?)(?:\s+(.*?))?\s*$/.exec(text ?? '');
  return match && { low: match[1], high: match[2], unit: match[3] ?? '' };
}

function numbers(text, parameter) {
  if (/[A-Za-z_]\w*\.|^[A-Za-z_]\w*$/.test(text)) return asIs(text); // a column
  const { values, bad } = numbersOf(text);
  if (bad.length) return { error: `not a number: ${bad.slice(0, 3).join(', ')}` };
  const broken = values.map((v) => outside(Number(v), parameter)).find(Boolean);
  if (broken) return { error: broken };
  if (parameter.min_length && values.length < parameter.min_length)
    return { error: `needs at least ${parameter.min_length} values` };
  return {
    text: values.length === 1 && !text.startsWith('[') ? values[0] : `[${values.join(', ')}]`,
  };
}

function sample(text, parameter) {
  if (text.startsWith('[') || /^[A-Za-z_`]/.test(text)) return asIs(text);
  const { values, bad } = numbersOf(text);
  if (bad.length && parameter.kind === 'sample')
    return { error: `not a number: ${bad.slice(0, 3).join(', ')}` };
  if (bad.length) return labels(text);
  if (parameter.min_length && values.length < parameter.min_length)
    return { error: `needs at least ${parameter.min_length} values` };
  return { text: `[${values.join(', ')}]` };
}

function labels(text) {
  if (text.startsWith('[') || /^[A-Za-z_]\w*\.(\w+|`.*`)$/.test(text) || text.startsWith('`'))
    return asIs(text);
  const cells = text
    .split(/\r\n|[\n\t;,]/)
    .map((c) => c.trim())
    .filter(Boolean);
  return {
    text: `[${cells.map((c) => (numberText(c) === null ? quoted(c) : numberText(c))).join(', ')}]`,
  };
}

function list(text, { kind }) {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) return asIs(trimmed);
  if (isColumns(kind)) {
    const lines = trimmed.split('\n').filter((l) => l.trim());
    if (!/[A-Za-z]/.test(trimmed) && lines.length) {
      const each = lines.map((l) => numbersOf(l));
      const bad = each.flatMap((e) => e.bad);
      if (bad.length) return { error: `not a number: ${bad.slice(0, 3).join(', ')}` };
      return {
        text:
          each.length > 1
            ? `[${each.map((e) => `[${e.values.join(', ')}]`).join(', ')}]`
            : `[${each[0].values.join(', ')}]`,
      };
    }
    return asIs(trimmed);
  }
  const parts = splitTop(trimmed.replaceAll('\n', ','));
  return balanced(trimmed)
    ? { text: parts.length > 1 || kind === 'symbols' ? `[${parts.join(', ')}]` : trimmed }
    : { error: 'a bracket or quote is open' };
}

function matrix(text) {
  if (text.startsWith('[[')) return asIs(text);
  const lines = text
    .split('\n')
    .filter((l) => l.trim())
    .map((l) => numbersOf(l));
  const bad = lines.flatMap((l) => l.bad);
  if (bad.length) return { error: `not a number: ${bad.slice(0, 3).join(', ')}` };
  const widths = new Set(lines.map((l) => l.values.length));
  if (widths.size > 1) return { error: 'every row needs the same number of values' };
  return { text: `[${lines.map((l) => `[${l.values.join(', ')}]`).join(', ')}]` };
}

const choice = (text, { choices }) =>
  choices.includes(text)
    ? { text: /^[A-Za-z_]\w*$/.test(text) ? text : quoted(text) }
    : { error: `one of ${choices.join(', ')}` };

const WRITERS = {
  number,
  integer,
  boolean: (text) => ({ text }),
  choice,
  text: (text) => ({ text: quoted(text) }),
  range,
  numbers,
  sample,
  labels,
  column: sample,
  samples: list,
  columns: list,
  symbols: list,
  expressions: list,
  matrix,
};

function rows(value, write) {
  const found = value.filter((r) => Object.values(r).some((v) => v.trim())).map(write);
  const error = found.find((f) => f.error)?.error;
  const names = found.map((f) => f.name);
  const twice = names.find((n, i) => names.indexOf(n) !== i);
  if (error || twice) return { error: error ?? `'${twice}' comes twice` };
  return { texts: found.map((f) => `${named(f.name)}=${f.text}`) };
}

/** A factor's row: a name with a low and a high end, or with levels. */
function factor({ name, low = '', high = '', unit = '', levels = '' }) {
  const title = name.trim();
  if (!title) return { error: 'each factor needs a name' };
  if (levels.trim()) {
    const cells = levels
      .replace(/^\[|\]$/g, '')
      .split(/[;,\n\t]/)
      .map((c) => unquoted(c.trim()))
      .filter(Boolean);
    if (cells.length < 2) return { error: `${title}: at least two levels` };
    const plain = cells.map((c) => numberText(c));
    const numeric = plain.every((n) => n !== null);
    return {
      name: title,
      text: `[${(numeric ? plain.map((n) => (unit.trim() ? `${n} ${unit.trim()}` : n)) : cells.map(quoted)).join(', ')}]`,
    };
  }
  const found = range(`${low}..${high}${unit.trim() ? ` ${unit.trim()}` : ''}`);
  return found.error ? { error: `${title}: ${found.error}` } : { name: title, text: found.text };
}

function assignment({ name, expression = '' }) {
  const title = name.trim();
  if (!title || !expression.trim()) return { error: 'each line needs a name and an expression' };
  return balanced(expression)
    ? { name: title, text: expression.trim() }
    : { error: `${title}: a bracket is open` };
}

/** A field's value from an argument's text, so that an example fills the form. */
export function readArgument(parameter, text) {
  if (parameter.kind === 'text' || parameter.kind === 'choice') return unquoted(text);
  if (parameter.kind === 'matrix')
    return splitTop(text.replace(/^\[|\]$/g, ''))
      .map((r) => r.replace(/^\[|\]$/g, ''))
      .join('\n');
  if (LIST_KINDS.has(parameter.kind) && !isColumns(parameter.kind))
    return text.replace(/^\[|\]$/g, '');
  return text;
}

/** A row of a variadic parameter from a keyword and its text. */
export function readRow(kind, name, text) {
  if (kind === 'assignments') return { name, expression: text };
  if (text.startsWith('['))
    return {
      name,
      low: '',
      high: '',
      unit: '',
      levels: splitTop(text.slice(1, -1)).map(unquoted).join(', '),
    };
  const parts = rangeParts(text) ?? { low: '', high: '', unit: '' };
  return { name, ...parts, levels: '' };
}
