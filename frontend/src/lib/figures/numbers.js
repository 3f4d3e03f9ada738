// Numbers on axes, in the reader's own notation (decimal comma where it is used).
import { formatNumber, numberLocale } from '../format.js';

/** A value beside a mark or a line. */
export const short = (value, digits = 4) => formatNumber(value, digits);

const cache = new Map();

function fixed(value, decimals) {
  const key = `${numberLocale()} ${decimals}`;
  if (!cache.has(key)) {
    const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    cache.set(key, new Intl.NumberFormat(numberLocale(), options));
  }
  return cache
    .get(key)
    .format(value || 0)
    .replace('-', '−');
}

/** Texts of evenly spaced ticks, all with the same number of decimals. */
export function tickTexts(values) {
  if (values.length < 2) return values.map((v) => short(v));
  const largest = Math.max(...values.map(Math.abs));
  if (largest >= 1e6 || largest < 1e-3) return values.map((v) => short(v, 3));
  const spacing = Math.min(...values.slice(1).map((v, i) => Math.abs(v - values[i])));
  const first = Math.max(0, -Math.floor(Math.log10(spacing) + 1e-9));
  const exact = (d) => values.every((v) => Math.abs(v - Number(v.toFixed(d))) < spacing * 1e-6);
  const decimals = Math.min(10, exact(first) ? first : first + 1);
  return values.map((v) => fixed(v, decimals));
}
