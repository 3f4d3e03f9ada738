/** What leaves the page: CSV that no spreadsheet will execute, files, the clipboard. */

const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;
// Full-width forms are folded to ASCII by some spreadsheets.
const FORMULA = /^[=+\-@\t\r\0\uff1d\uff0b\uff0d\uff20]/;

/**
 * One CSV cell. Text that a spreadsheet would take for a formula gets a leading apostrophe
 * (OWASP ASVS 1.2.10); numbers, such as the coded levels -1 and +1, are left alone.
 */
export function csvCell(value, separator = ',') {
  if (value === null || value === undefined) return '';
  let text = String(value);
  if (FORMULA.test(text) && !NUMBER.test(text)) text = `'${text}`;
  const quoted = text.includes(separator) || /["\n\r]/.test(text);
  return quoted ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A CSV file's text. With `decimalComma`, numbers have commas and cells are split by `;`. */
export function toCsv(columns, rows, { decimalComma = false } = {}) {
  const separator = decimalComma ? ';' : ',';
  const local = (v) => (decimalComma && typeof v === 'number' ? String(v).replace('.', ',') : v);
  const line = (cells) => cells.map((c) => csvCell(local(c), separator)).join(separator);
  return [columns, ...rows].map(line).join('\r\n') + '\r\n';
}

/** A table for the clipboard: a spreadsheet takes it cell by cell. */
export function toTsv(columns, rows, { decimalComma = false } = {}) {
  const cell = (v) => {
    if (v === null || v === undefined) return '';
    const text = typeof v === 'number' && decimalComma ? String(v).replace('.', ',') : String(v);
    const flat = text.replace(/[\t\r\n]+/g, ' ').replaceAll('\u2212', '-');
    const formula = FORMULA.test(flat) && !NUMBER.test(flat);
    return formula ? `'${flat}` : flat.startsWith('"') ? `"${flat.replaceAll('"', '""')}"` : flat;
  };
  return [columns, ...rows].map((r) => r.map(cell).join('\t')).join('\r\n') + '\r\n';
}

/** Save text or a blob as a file. CSV gets a byte order mark, without which Excel guesses. */
export function download(name, content, type = 'text/plain') {
  const parts = type === 'text/csv' ? ['\ufeff', content] : [content];
  const blob =
    content instanceof Blob ? content : new Blob(parts, { type: `${type};charset=utf-8` });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Copy text; false where the browser refuses (then the caller says so). */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByCommand(text);
  }
}

/** Plain-HTTP plant networks are no secure context: the old way still works there. */
function copyByCommand(text) {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr-only';
  document.body.append(area);
  area.select();
  const done = document.execCommand?.('copy') ?? false;
  area.remove();
  return done;
}

/** A name that every file system takes. */
export const fileName = (title, extension) =>
  `${
    title
      .normalize('NFKD')
      .replace(/[^\w\- ]+/g, '')
      .trim()
      .replace(/\s+/g, '-')
      .slice(0, 60)
      .toLowerCase() || 'havoc'
  }.${extension}`;
