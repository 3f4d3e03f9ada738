/** Tables for a program: pasted ones written into it, files attached to it. */
import { isMissing, listText, named, numberText } from './values.js';

const MOST_CELLS = 4000; // more than this is better a file than a program

/**
 * A pasted rectangle as `{columns: [{name, cells}], decimalComma}`; null when it is none.
 * Tabs first (a spreadsheet), then semicolons, then commas; the first line holds names unless it
 * is all numbers.
 */
export function parseTable(text) {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n');
  const separator = ['\t', ';', ','].find((s) => lines[0].includes(s)) ?? '\t';
  const rows = lines.filter((l) => l.trim() !== '').map((l) => split(l, separator));
  if (!rows.length) return null;
  const width = Math.max(...rows.map((r) => r.length));
  const headless = rows[0].every((c) => numberText(c) !== null);
  const names = headless ? rows[0].map((_, i) => `x${i + 1}`) : rows[0];
  const body = headless ? rows : rows.slice(1);
  if (!body.length || body.some((r) => r.length > names.length)) return null;
  const unique = distinct(Array.from({ length: width }, (_, i) => names[i]?.trim() || `x${i + 1}`));
  const cells = (i) => body.map((r) => (r[i] ?? '').trim());
  const columns = unique.map((name, i) => ({ name, cells: cells(i) }));
  const decimalComma =
    separator !== ',' && body.some((r) => r.some((c) => /^\s*-?\d+,\d+\s*$/.test(c)));
  return { columns, decimalComma };
}

/** Split a line; quotes keep separators together. */
function split(line, separator) {
  const cells = [];
  let cell = '';
  let inside = false;
  for (let i = 0; i < line.length; i += 1) {
    const c = line[i];
    if (c === '"' && inside && line[i + 1] === '"') {
      cell += '"';
      i += 1;
    } else if (c === '"' && (inside || cell === '')) inside = !inside;
    else if (c === separator && !inside) {
      cells.push(cell);
      cell = '';
    } else cell += c;
  }
  return [...cells, cell];
}

function distinct(names) {
  const seen = new Map();
  return names.map((name) => {
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    return n === 1 ? name : `${name}_${n}`;
  });
}

/** The statement that makes a pasted table; throws where it is too large to be written out. */
export function tableStatement(variable, columns) {
  const cells = columns.reduce((n, c) => n + c.cells.length, 0);
  if (cells > MOST_CELLS) {
    throw new Error(
      `${cells} cells are too many to write into a program; save them as a file and upload it`,
    );
  }
  return `${variable} = table(${columns.map((c) => `${named(c.name)}=${listText(c.cells)}`).join(', ')})`;
}

/** Whether a column holds numbers only. */
export const isNumeric = (cells) =>
  cells.some((c) => !isMissing(c)) && cells.every((c) => isMissing(c) || numberText(c) !== null);

const TAKEN = new Set(['data', 'table', 'and', 'or', 'na', 'true', 'false', 'r']);

/** A variable's name from a file's name, not among those taken. */
export function variableName(fileName, taken = []) {
  const stem = fileName
    .replace(/\.[^.]*$/, '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^[^A-Za-z]+|_+$/g, '')
    .slice(0, 30)
    .toLowerCase();
  const base = stem && !TAKEN.has(stem) ? stem : `${stem || 'runs'}${stem ? '_1' : ''}`;
  let name = base;
  for (let n = 2; taken.includes(name); n += 1) name = `${base}_${n}`;
  return name;
}
