// Quantiles of the normal distribution (Wichura 1988, AS 241: PPND7, about 7 digits; enough for a plotted point).

const near = (q) => {
  const r = 0.180625 - q * q;
  const top = ((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179;
  const bottom = ((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1;
  return (q * top) / bottom;
};

const far = (p) => {
  const r = Math.sqrt(-Math.log(p));
  if (r <= 5) {
    const s = r - 1.6;
    const top = ((0.17023821103 * s + 1.3067284816) * s + 2.75681539) * s + 1.4234372777;
    return top / ((0.12021132975 * s + 0.737001643) * s + 1);
  }
  const s = r - 5;
  const top = ((0.017337203997 * s + 0.42868294337) * s + 3.081226386) * s + 6.657905115;
  return top / ((0.012258202635 * s + 0.24197894225) * s + 1);
};

/** z with P(Z <= z) = p. */
export function normalQuantile(p) {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return near(q);
  return q < 0 ? -far(p) : far(1 - p);
}

/** Blom's plotting positions as normal quantiles: (i - 3/8) / (n + 1/4). */
export const normalScores = (n) =>
  Array.from({ length: n }, (_, i) => normalQuantile((i + 0.625) / (n + 0.25)));

/** Normal density. */
export const density = (x, mean, sd) =>
  Math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));
