/** Numbers and words as people type or paste them, as the language writes them. */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NAME = /^[A-Za-zÀ-ÖØ-öø-ÿΑ-Ωα-ω_][A-Za-zÀ-ÖØ-öø-ÿΑ-Ωα-ω0-9_]*$/;
const MISSING = /^(|na|nan|n\/a|null|none|-|\?|\*)$/i;

/** Whether a cell stands for a missing value. */
export const isMissing = (text) => MISSING.test(String(text).trim());

/**
 * A number as it is typed anywhere (`1,5`, `1 234,5`, `−3`), as the language writes it; null when
 * it is none. A comma is a decimal comma, except where digits in threes say otherwise.
 */
export function numberText(text, { comma } = {}) {
  let t = String(text)
    .trim()
    .replace(/[\u2212\u2013]/g, '-')
    .replace(/(?<=\d)[\u00a0\u202f\u2009 ](?=\d{3}(\D|$))/g, '');
  if (t.includes(',')) {
    const thousands = comma === false || (comma === undefined && isThousands(t));
    t = thousands ? t.replaceAll(',', '') : t.replace(/\.(?=\d{3}(\D|$))/g, '').replace(',', '.');
  }
  t = t.replace(/^\+/, '');
  if (!NUMBER.test(t)) return null;
  return t.replace(/^(-?)\./, '$10.').replace(/\.(?=$|[eE])/, '');
}

/** `1,234.5` and `1,234,567` have thousands; `1,234` alone could be either and is read as a decimal. */
const isThousands = (t) => /^-?\d{1,3}(,\d{3})+\.\d+$/.test(t) || /^-?\d{1,3}(,\d{3}){2,}$/.test(t);

/** A quoted string. */
export const quoted = (text) =>
  `"${String(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;

/** A name, in backticks where it is not a plain word. */
export const named = (text) =>
  NAME.test(text) && !/^(and|or)$/.test(text)
    ? text
    : `\`${String(text).replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;

/** The text inside quotes; anything else as it is. */
export const unquoted = (text) =>
  /^"([^"\\]|\\.)*"$/.test(text)
    ? text.slice(1, -1).replace(/\\(.)/g, (_, c) => ({ n: '\n', t: '\t' })[c] ?? c)
    : text;

/**
 * A typed or pasted list of numbers: `{values, bad}`. Cells are parted by line breaks, tabs and
 * semicolons; without those by `, ` or blanks; by bare commas only where nothing else parts them.
 */
export function numbersOf(text) {
  const plain = text.trim().replace(/^\[|\]$/g, '');
  const cells = cellsOf(plain).map((c) => c.trim());
  while (cells.length && cells.at(-1) === '') cells.pop();
  const values = [];
  const bad = [];
  for (const c of cells) {
    const number = isMissing(c) ? 'na' : numberText(c);
    if (number === null) bad.push(c);
    else values.push(number);
  }
  return { values, bad };
}

function cellsOf(text) {
  if (/[\n\t;]/.test(text)) {
    const cells = text
      .split(/\r\n|[\n\t;]/)
      .filter((c, i, all) => c.trim() !== '' || i < all.length - 1);
    const single = cells.every((c) => !/,\s/.test(c.trim()) && !/\s/.test(c.trim()));
    return single ? cells : cells.flatMap((c) => cellsOf(c.trim()));
  }
  if (/,\s/.test(text)) return text.split(/,\s*/);
  if (/\s/.test(text.trim())) return text.trim().split(/\s+/);
  return text === '' ? [] : text.split(',');
}

/** A list of words or numbers as the language writes it; numbers only where all are. */
export function listText(cells) {
  const numbers = cells.map((c) => (isMissing(c) ? 'na' : numberText(c)));
  if (numbers.every((n) => n !== null)) return `[${numbers.join(', ')}]`;
  return `[${cells.map((c) => (isMissing(c) ? 'na' : quoted(String(c).trim()))).join(', ')}]`;
}
