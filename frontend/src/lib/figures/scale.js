// Scales of a chart: a scale is a function from data to pixels that knows its domain, range and ticks.
import { bisectRight, extent, ticks as niceTicks, tickStep } from 'd3-array';

/** Finite numbers of a list; null and text are left out. */
export const finite = (values) => values.filter((v) => typeof v === 'number' && Number.isFinite(v));

/** The smallest and largest of several lists and numbers, `[0, 1]` where there is none. */
export function reach(...parts) {
  const [low, high] = extent(finite(parts.flat(Infinity)));
  return low === undefined ? [0, 1] : [low, high];
}

/** A domain a little wider than the data, so that no mark stands on the frame. */
export function padded([low, high], share = 0.06) {
  const room = (high - low) * share || Math.abs(high) * share || 1;
  return [low - room, high + room];
}

/** Linear scale. */
export function linear(domain, range) {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  const slope = (r1 - r0) / (d1 - d0 || 1);
  const scale = (v) => r0 + (v - d0) * slope;
  scale.invert = (p) => d0 + (p - r0) / (slope || 1);
  scale.domain = domain;
  scale.range = range;
  scale.ticks = (count = 6) => niceTicks(Math.min(d0, d1), Math.max(d0, d1), count);
  scale.step = (count = 6) => Math.abs(tickStep(d0, d1, count));
  return scale;
}

const LOG_STEPS = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]];

/** Logarithmic scale; the domain is above 0. */
export function log(domain, range) {
  const inner = linear(domain.map(Math.log10), range);
  const scale = (v) => inner(Math.log10(v));
  scale.invert = (p) => 10 ** inner.invert(p);
  scale.domain = domain;
  scale.range = range;
  scale.ticks = (count = 6) => logTicks(domain, count);
  scale.log = true;
  return scale;
}

/** 1, 2, 5 of each decade where there is room, else 1 and 3, else the decades. */
function logTicks([low, high], count) {
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  let best = [];
  for (const steps of LOG_STEPS) {
    const found = [];
    for (let e = from; e <= to; e += 1) {
      for (const s of steps) {
        const v = s * 10 ** e;
        if (v >= low * 0.999999 && v <= high * 1.000001) found.push(v);
      }
    }
    if (best.length >= 3 && found.length > count) break;
    best = found;
  }
  const skip = Math.ceil(best.length / (count + 2));
  return skip > 1 ? best.filter((_, i) => i % skip === 0) : best;
}

/** Places of named groups side by side: centre and width of each. */
export function bands(count, [r0, r1], gap = 0.2) {
  const step = (r1 - r0) / Math.max(count, 1);
  const scale = (i) => r0 + (i + 0.5) * step;
  scale.step = Math.abs(step);
  scale.width = Math.abs(step) * (1 - gap);
  scale.range = [r0, r1];
  scale.domain = [-0.5, count - 0.5];
  scale.invert = (p) => (p - r0) / step - 0.5;
  return scale;
}

/** Linear interpolation of (xs, ys) at x; xs rise. */
export function interpolate(xs, ys, x) {
  const i = Math.min(Math.max(bisectRight(xs, x), 1), xs.length - 1);
  const share = (x - xs[i - 1]) / (xs[i] - xs[i - 1] || 1);
  return ys[i - 1] + share * (ys[i] - ys[i - 1]);
}

/** The path through points; a missing one breaks the line. */
export function path(points) {
  let open = false;
  let text = '';
  for (const [x, y] of points) {
    const there = Number.isFinite(x) && Number.isFinite(y);
    if (there) text += `${open ? 'L' : 'M'}${round(x)},${round(y)}`;
    open = there;
  }
  return text;
}

/** A path that keeps its height until the next x (survival curves, varying limits). */
export function stepPath(points) {
  const corners = [];
  points.forEach(([x, y], i) => {
    if (i) corners.push([x, points[i - 1][1]]);
    corners.push([x, y]);
  });
  return path(corners);
}

/** A closed band between an upper and a lower line over the same xs. */
export function area(xs, high, low) {
  const there = xs
    .map((_, i) => i)
    .filter((i) => Number.isFinite(high[i]) && Number.isFinite(low[i]));
  const up = there.map((i) => `${round(xs[i])},${round(high[i])}`);
  const down = there.reverse().map((i) => `${round(xs[i])},${round(low[i])}`);
  return up.length ? `M${[...up, ...down].join('L')}Z` : '';
}

const round = (v) => Math.round(v * 100) / 100;
