/**
 * Places of numbers in results (docs/reasoning.md): `#v:r2.cpk`, `#v:r2.ci.b`,
 * `#v:r2.tables.a.d.c`. The text cannot vouch for itself: a place that is not in the results, or
 * that holds another number than the text shows, is `unverified`.
 */
import { parseNumber } from './format.js';

const position = (letters) => [...letters].reduce((n, c) => 26 * n + c.charCodeAt(0) - 96, 0) - 1;

/** `{ name, key, index, value, result, table }` of a link; `value` is undefined where there is none. */
export function lookUp(results, href) {
  const match = /^#v:(\w+)\.(\w+)((?:\.[a-z]{1,4})*)$/.exec(href);
  if (!match) return { value: undefined };
  const [, name, key] = match;
  const index = match[3].split('.').filter(Boolean).map(position);
  const result = results.find((r) => r.name === name);
  const found = { name, key, index, result, value: undefined };
  if (!result) return found;
  if (key === 'tables') {
    const table = result.tables?.[index[0]];
    return { ...found, table, value: table?.rows[index[1]]?.[index[2]] };
  }
  if (!Object.hasOwn(result.values ?? {}, key)) return found;
  return { ...found, value: index.reduce((v, i) => v?.[i], result.values[key]) };
}

/** Whether a text shows a value: to the digits it has, as the server's audit judges. */
export function agrees(shown, value) {
  if (value === undefined) return false;
  if (typeof value !== 'number') return true; // words and lists are shown as they are
  const number = shownNumber(shown);
  if (Number.isNaN(number)) return !/\d/.test(shown);
  return Math.abs(number - value) <= 6e-4 * Math.abs(value) + 1e-12 || sameDigits(shown, value);
}

/** `0.05` shows 0.0461 to two places: right to its last digit. */
function sameDigits(shown, value) {
  const decimals = /\.(\d+)(?:e|$)/i.exec(shown.replace(',', ''))?.[1].length ?? 0;
  if (/e/i.test(shown)) return false;
  return Math.abs(shownNumber(shown) - value) <= 0.5 * 10 ** -decimals * (1 + 1e-9) && decimals > 0;
}

function shownNumber(shown) {
  const text = shown.trim().replace(/^[<≈~=]\s*/, '');
  const percent = text.endsWith('%');
  const number = parseNumber(percent ? text.slice(0, -1) : text);
  return percent ? number / 100 : number;
}

/** The place as people read it: `r2.ci[2]`, `r2, Coefficients, row 4, estimate`. */
export function placeName({ name, key, index = [], table }) {
  if (key === 'tables' && table) {
    return `${name}, ${table.name}, row ${index[1] + 1}, ${table.columns[index[2]]}`;
  }
  return `${name}.${key}${index.map((i) => `[${i + 1}]`).join('')}`;
}

/** The audit's checks of a place: `r2.cpk`, and of a list's items. */
export function checksOf(audit, { name, key }) {
  const prefix = `${name}.${key}`;
  return (audit?.checks ?? []).filter(
    (c) => c.name === prefix || c.name.startsWith(`${prefix}.`) || c.name.startsWith(`${prefix}[`),
  );
}

/** The statement of a program that made a result. */
export function statementOf(program, name) {
  const lines = (program ?? '').split('\n');
  const start = lines.findIndex((l) => new RegExp(`^\\s*${name}\\s*=`).test(l));
  if (start < 0) return '';
  let end = start + 1;
  while (end < lines.length && /^\s+\S|^\s*[)\]]/.test(lines[end])) end += 1;
  return lines.slice(start, end).join('\n').trim();
}

/** Markdown with number links and citations replaced by what they show. */
export const withoutLinks = (markdown) =>
  markdown
    .replace(/\[((?:[^[\]\\]|\\.)+)\]\(#v:[^)]*\)/g, '$1')
    .replace(/\[\[(\d+)\]\]\(#c:\d+\)/g, '[$1]');
