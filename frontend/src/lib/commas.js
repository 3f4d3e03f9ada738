/**
 * `345,678` is 345.678 or 345 678, and no file says which. Where all the commas of a table are
 * such, the person chooses, and the table is written anew with what was chosen.
 */

const EITHER = /^[+\-\u2212]?\d{1,3},\d{3}$/;
const GROUPS = /^[+\-\u2212]?\d{1,3}(,\d{3})+(\.\d+)?$/;
const DECIMAL = /^[+\-\u2212]?\d+,\d+$/;
const TEXT_FILE = /\.(csv|tsv|txt)$/i;
const MOST = 4_000_000; // characters: more takes too long for a look

/** The text of an attachment; null where it is none. */
export function textOf({ name, content, content_base64: coded }) {
  if (!TEXT_FILE.test(name)) return null;
  if (content !== undefined) return content;
  if (coded.length > MOST) return null;
  const bytes = Uint8Array.from(atob(coded), (c) => c.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null; // another encoding: the server knows more of them
  }
}

/** Each cell given to `see`, which may return another text for it. */
function eachCell(text, see) {
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const separator = ['\t', ';'].find((s) => first.includes(s));
  // between commas only a quoted cell can hold one
  const cells = separator ? /"[^"\r\n]*"|[^;\t\r\n"]+/g : /"[^"\r\n]*"/g;
  return text.replace(cells, (cell) => {
    const bare = cell.replace(/^"|"$/g, '').trim();
    const other = see(bare);
    return other === undefined ? cell : other;
  });
}

/** The first cell that can be read two ways, where nothing in the table tells how; else null. */
export function eitherWay(text) {
  if (text === null || text.length > MOST) return null;
  let found = null;
  let told = false;
  eachCell(text, (cell) => {
    if (EITHER.test(cell)) found ??= cell;
    else if (DECIMAL.test(cell)) told = true; // 3,14 is no group of three
  });
  return told ? null : found;
}

/** The table with its commas read as `decimal` or as `thousands`. */
export const readCommas = (text, as) =>
  eachCell(text, (cell) => {
    if (as === 'decimal') return DECIMAL.test(cell) ? cell.replace(',', '.') : undefined;
    return GROUPS.test(cell) ? cell.replaceAll(',', '') : undefined;
  });

/** What a cell is in one reading. */
export const asNumber = (cell, as) =>
  Number(cell.replace('\u2212', '-').replace(',', as === 'decimal' ? '.' : ''));
