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

/** `0.05` shows 0.0461, and `2.4e-4` shows 0.00024354: right to the last digit that is written. */
function sameDigits(shown, value) {
  const match = /\.(\d+)(?:e([-+]?\d+))?%?$/i.exec(shown.trim().replaceAll(',', ''));
  if (!match) return false;
  const last = 10 ** (Number(match[2] ?? 0) - match[1].length) * (shown.endsWith('%') ? 0.01 : 1);
  return Math.abs(shownNumber(shown) - value) <= 0.5 * last * (1 + 1e-9);
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

/** The statements of a program that made a result: its own, after those that it names. */
export function statementsOf(program, name) {
  const statements = new Map();
  let last = null;
  for (const line of (program ?? '').split('\n')) {
    const started = /^(\w+)\s*=(?!=)/.exec(line);
    if (started) {
      last = started[1];
      statements.set(last, line);
    } else if (last && line.trim()) {
      statements.set(last, `${statements.get(last)}\n${line}`);
    }
  }
  const wanted = new Set();
  const want = (one) => {
    if (!statements.has(one) || wanted.has(one)) return;
    wanted.add(one);
    const right = statements
      .get(one)
      .replace(/^\w+\s*=/, '')
      .replace(/"(?:[^"\\]|\\.)*"/g, '');
    for (const [word] of right.matchAll(/(?<![\w.])[A-Za-z_]\w*(?!\s*=)/g)) want(word);
  };
  want(name);
  return [...statements.keys()]
    .filter((k) => wanted.has(k))
    .map((k) => statements.get(k))
    .join('\n');
}

/** Markdown with number links and citations replaced by what they show. */
export const withoutLinks = (markdown) =>
  markdown
    .replace(/\[((?:[^[\]\\]|\\.)+)\]\(#v:[^)]*\)/g, '$1')
    .replace(/\[\[(\d+)\]\]\(#c:\d+\)/g, '[$1]');
