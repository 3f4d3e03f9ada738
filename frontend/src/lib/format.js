/** Numbers as people read them, in the reader's locale; full precision is always one step away. */

const MINUS = '−';

/** Locales whose numbers are written with that sign and nothing surprising besides. */
const SIGNS = { auto: undefined, point: 'en-GB', comma: 'de-DE' };
let chosen; // undefined: the browser's own

/** How numbers are shown from now on: `auto`, `point` or `comma`. */
export function setDecimalSign(sign) {
  chosen = SIGNS[sign];
}

/** The locale in which numbers are shown. */
export const numberLocale = () => chosen;

/** Whether numbers are shown with a decimal comma. */
export const decimalComma = () => new Intl.NumberFormat(chosen).format(1.5).includes(',');

/** A number to `digits` significant digits (0: six): `1,234.57`, `3.2 × 10⁻⁷`; null is a dash. */
export function formatNumber(value, digits = 6, locale = chosen) {
  if (digits === 0) digits = 6;
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'number') return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : `${MINUS}∞`;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) {
    const [mantissa, exponent] = value.toExponential(Math.max(0, digits - 1)).split('e');
    const shown = formatNumber(Number(mantissa), digits, locale);
    return `${shown} × 10${superscript(Number(exponent))}`;
  }
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: digits })
    .format(value)
    .replace('-', MINUS);
}

const RAISED = { '-': '⁻', ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((c, i) => [i, c])) };

function superscript(n) {
  return [...String(n)].map((c) => RAISED[c]).join('');
}

/** A number that was written with a point, as this reader writes it: `1234.50` is `1.234,50`. */
export function localised(text, locale = chosen) {
  const match = /^([-\u2212+]?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) {
    const value = parseNumber(text);
    return /e/i.test(text) && Number.isFinite(value)
      ? formatNumber(value, digitsOf(text), locale)
      : text;
  }
  const places = match[3]?.length ?? 0;
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  })
    .format(parseNumber(text))
    .replace('-', MINUS);
}

const digitsOf = (text) => text.split(/e/i)[0].replace(/\D/g, '').length || 6;

/** All the digits a double has. */
export const fullPrecision = (value) => (value === null ? 'none' : String(value));

/** `412 ms`, `1.8 s`, `2 min 5 s`. */
export function formatMs(ms) {
  if (ms < 1) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** A number as it is typed anywhere: `1.5`, `1,5`, `1 234,5`, `−3`, `+2e-3`; NaN when it is none. */
export function parseNumber(text, decimalComma = false) {
  let t = String(text)
    .trim()
    .replace(/[\u2212\u2013]/g, '-')
    .replace(/[\u00a0\u202f\u2009 ]/g, '');
  if (t === '') return NaN;
  if (decimalComma) t = t.replace(/\.(?=\d{3}(\D|$))/g, '').replace(',', '.');
  else t = t.replace(/,(?=\d{3}(\D|$))/g, '');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(t) ? Number(t) : NaN;
}
