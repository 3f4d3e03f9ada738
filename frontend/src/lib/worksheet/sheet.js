/** Changes of a sheet; every function gives a new one. Cells are kept as they were typed. */
import { toCsv } from '../exporting.js';
import { isMissing, numberText } from '../operations/values.js';
import { emptyResponse } from './design.js';

/** The number in a cell, as text with a point; '' where it is empty, null where it is none. */
export function cellNumber(text) {
  const t = String(text ?? '').trim();
  return isMissing(t) ? '' : numberText(t);
}

const withResponse = (sheet, k, change) => ({
  ...sheet,
  changed: new Date().toISOString(),
  responses: sheet.responses.map((r, i) => (i === k ? { ...r, ...change } : r)),
});

export function setCell(sheet, row, k, text) {
  const values = [...sheet.responses[k].values];
  values[row] = text;
  return withResponse(sheet, k, { values });
}

export const setResponse = (sheet, k, change) => withResponse(sheet, k, change);

export function addResponse(sheet) {
  const names = sheet.responses.map((r) => r.name);
  let name = 'response';
  for (let n = 2; names.includes(name); n += 1) name = `response_${n}`;
  return {
    ...sheet,
    changed: new Date().toISOString(),
    responses: [...sheet.responses, emptyResponse(sheet.rows.length, name)],
  };
}

export const removeResponse = (sheet, k) => ({
  ...sheet,
  changed: new Date().toISOString(),
  responses: sheet.responses.filter((_, i) => i !== k),
});

/**
 * Put pasted cells into the sheet, from a row and response on, along the rows as they are shown
 * (`order`, row numbers). A first line of words is taken for headings. Returns `{sheet, filled,
 * lost}`: cells filled, and cells for which there was no room.
 */
export function pasteAt(sheet, order, place, k, text) {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/\n+$/, '')
    .split('\n')
    .map((l) => l.split('\t'));
  const words = lines.length > 1 && lines[0].every((c) => c.trim() && cellNumber(c) === null);
  const body = words ? lines.slice(1) : lines;
  let next = sheet;
  let filled = 0;
  let lost = 0;
  body.forEach((cells, i) =>
    cells.forEach((cell, j) => {
      const row = order[place + i];
      if (row === undefined || k + j >= sheet.responses.length) lost += 1;
      else {
        next = setCell(next, row, k + j, cell.trim());
        filled += 1;
      }
    }),
  );
  return { sheet: next, filled, lost };
}

/** Row numbers in run order or standard order. */
export function rowOrder(sheet, by) {
  const key = by === 'std' ? 'std' : 'run';
  return sheet.rows.map((_, i) => i).sort((a, b) => sheet.rows[a][key] - sheet.rows[b][key]);
}

/** How much of a response is filled: `{filled, bad, n}`. */
export function progress(sheet, k) {
  const cells = sheet.responses[k].values.map(cellNumber);
  return {
    n: cells.length,
    filled: cells.filter((c) => c !== '' && c !== null).length,
    bad: cells.filter((c) => c === null).length,
  };
}

const withUnit = ({ name, unit }) => (unit ? `${name} [${unit}]` : name);

/** The sheet as columns and rows, in the order and units shown. */
export function sheetTable(sheet, { coded = false, by = 'run' } = {}) {
  const heads = [
    ['run', 'run order'],
    ['std', 'standard order'],
    ['block', 'block'],
    ['plot', 'whole plot'],
    ['type', 'type'],
  ].filter(([key]) => sheet.rows.some((r) => r[key] !== null && r[key] !== undefined));
  const settings = (row) => (coded && row.coded ? row.coded : row.natural);
  const columns = [
    ...heads.map(([, name]) => name),
    ...sheet.factors.map((f) => (coded ? f.name : withUnit(f))),
    ...sheet.responses.map(withUnit),
  ];
  const rows = rowOrder(sheet, by).map((i) => [
    ...heads.map(([key]) => sheet.rows[i][key]),
    ...settings(sheet.rows[i]),
    ...sheet.responses.map((r) => {
      const number = cellNumber(r.values[i]);
      return number === null ? r.values[i] : number === '' ? '' : Number(number);
    }),
  ]);
  return { columns, rows };
}

export function sheetCsv(sheet, options) {
  const { columns, rows } = sheetTable(sheet, options);
  return toCsv(columns, rows, options);
}
