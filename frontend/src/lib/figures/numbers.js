// Numbers as a person reads them, in the browser's own notation (decimal comma where it is used).

const cache = new Map();

function formatter(options) {
  const key = JSON.stringify(options);
  if (!cache.has(key)) cache.set(key, new Intl.NumberFormat(undefined, options));
  return cache.get(key);
}

/** A value to `digits` significant figures; very large and very small ones in powers of ten. */
export function short(value, digits = 4) {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'number') return String(value);
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7)
    return formatter({ maximumFractionDigits: 0 }).format(value);
  if (size < 1e-4 || size >= 1e7) return power(value, digits);
  return formatter({ maximumSignificantDigits: Math.max(digits, integerDigits(size)) }).format(
    value,
  );
}

const integerDigits = (size) => Math.min(21, Math.max(1, Math.floor(Math.log10(size)) + 1));

function power(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  const plain = formatter({ maximumFractionDigits: digits - 1 }).format(Number(mantissa));
  return `${plain}\u00d710${superscript(Number(exponent))}`;
}

const superscript = (n) => String(n).replace(/[-0-9]/g, (c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[c]));

/** A p value: never rounded to 0. */
export function pValue(p) {
  if (typeof p !== 'number') return '–';
  return p < 0.0001 ? `< ${formatter({ maximumFractionDigits: 4 }).format(0.0001)}` : short(p, 3);
}

/** Texts of ticks, all with the same number of decimals. */
export function tickTexts(values) {
  const steps = values
    .slice(1)
    .map((v, i) => Math.abs(v - values[i]))
    .filter((s) => s > 0);
  const step = Math.min(...steps, Math.abs(values[0]) || 1);
  const largest = Math.max(...values.map(Math.abs));
  if (largest >= 1e6 || (largest > 0 && largest < 1e-3))
    return values.map((v) => (v ? power(v, 2) : '0'));
  const spacing = steps.length ? Math.min(...steps) : step;
  const decimals = Math.min(10, Math.max(0, -Math.floor(Math.log10(spacing) + 1e-9)));
  const fine = values.every((v) => Math.abs(v - Number(v.toFixed(decimals))) < spacing * 1e-6);
  const options = {
    minimumFractionDigits: fine ? decimals : decimals + 1,
    maximumFractionDigits: fine ? decimals : decimals + 1,
  };
  return values.map((v) => formatter(options).format(v || 0));
}

/** The full precision of a number, with a point, as a program or a file writes it. */
export const exact = (value) => (value === null || value === undefined ? '' : String(value));
