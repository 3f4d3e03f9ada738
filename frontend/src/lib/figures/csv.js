// Tables as CSV that a spreadsheet opens as data and never as a formula.

const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$/;
const DANGEROUS = /^[=+\-@\t\r\n\0＝＋－＠]/;

/** One cell. A strict number stays as it is (coded levels are -1 and +1); what could be a formula gets a '. */
export function cell(value, { separator = ',', decimal = '.' } = {}) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number')
    return Number.isFinite(value) ? String(value).replace('.', decimal) : '';
  let text = String(value);
  if (decimal === ',' && NUMBER.test(text)) text = text.replace('.', ',');
  if (DANGEROUS.test(text) && !NUMBER.test(text)) text = `'${text}`;
  const quoted = text.includes(separator) || /["\r\n]/.test(text) || text !== text.trim();
  return quoted ? `"${text.replaceAll('"', '""')}"` : text;
}

/** CSV text of columns and rows, with the byte order mark that makes Excel read UTF-8. */
export function csv(columns, rows, options = {}) {
  const separator = options.separator ?? (options.decimal === ',' ? ';' : ',');
  const how = { ...options, separator };
  const lines = [columns, ...rows].map((row) => row.map((v) => cell(v, how)).join(separator));
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

/** A file's name from a title. */
export const fileName = (title, extension) =>
  `${
    String(title)
      .normalize('NFKD')
      .replace(/[^\w.-]+/g, '_')
      .replace(/^[_.]+|[_.]+$/g, '')
      .slice(0, 80) || 'havoc'
  }.${extension}`;
