// Contours and colours of a fitted surface given on a grid.
import { ticks } from 'd3-array';
import { contours } from 'd3-contour';

import { finite } from './scale.js';

// cividis (Nuñez, Anderton and Renslow 2018): even in lightness, the same to people with colour blindness.
const CIVIDIS = [
  [0, 34, 78],
  [18, 53, 112],
  [59, 73, 108],
  [87, 93, 109],
  [112, 113, 115],
  [138, 134, 120],
  [165, 156, 116],
  [195, 179, 105],
  [225, 204, 85],
  [254, 232, 56],
];

/** A colour of the scale for a share from 0 to 1, as `[r, g, b]` of 0 to 255. */
export function colour(share) {
  const place = Math.min(Math.max(share, 0), 1) * (CIVIDIS.length - 1);
  const i = Math.min(Math.floor(place), CIVIDIS.length - 2);
  return CIVIDIS[i].map((c, k) => Math.round(c + (place - i) * (CIVIDIS[i + 1][k] - c)));
}

export const css = ([r, g, b]) => `rgb(${r},${g},${b})`;

/** Whether dark text is easier to read on this colour (WCAG's relative luminance). */
export function isLight(rgb) {
  const [r, g, b] = rgb.map((v) =>
    v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18;
}

/** Lowest and highest height of a grid. */
export function heightsOf(z) {
  const all = finite(z.flat());
  return [Math.min(...all), Math.max(...all)];
}

/** Round levels between lowest and highest. */
export function levelsOf(z, count = 10) {
  const [low, high] = heightsOf(z);
  const inside = ticks(low, high, count).filter((v) => v > low && v < high);
  return inside.length ? inside : [(low + high) / 2];
}

/**
 * Filled contours in pixels. `z[i][j]` is the height at `y[i]`, `x[j]`; `sx`, `sy` are scales.
 * Returns `[{level, d, lines, label}]`: `d` the path of all that is above the level, `lines` the
 * parts of its edge that are not the frame, `label` a place for the level's text, or null.
 */
export function filled({ x, y, z }, levels, sx, sy) {
  const columns = x.length;
  const rows = y.length;
  const flat = z.flat().map((v) => v ?? NaN);
  const atX = (u) => sx(between(x, u - 0.5));
  const atY = (v) => sy(between(y, v - 0.5));
  const shapes = contours().size([columns, rows]).thresholds(levels)(flat);
  const last = [columns - 0.5, rows - 0.5];
  const onFrame = ([u, v]) => u <= 0.5 || v <= 0.5 || u >= last[0] || v >= last[1];
  return shapes.map((shape) => {
    const rings = shape.coordinates.flat();
    const d = rings
      .map((ring) => `M${ring.map(([u, v]) => `${fix(atX(u))},${fix(atY(v))}`).join('L')}Z`)
      .join('');
    const lines = rings
      .flatMap((ring) => inner(ring, onFrame))
      .map((line) => line.map(([u, v]) => [atX(u), atY(v)]));
    return { level: shape.value, d, lines: lines.filter((l) => l.length > 1) };
  });
}

const fix = (v) => Math.round(v * 10) / 10;

/** The value at a fractional index. */
function between(values, place) {
  const p = Math.min(Math.max(place, 0), values.length - 1);
  const i = Math.min(Math.floor(p), values.length - 2);
  return values[i] + (p - i) * (values[i + 1] - values[i]);
}

/** The parts of a ring that do not run along the frame. */
function inner(ring, onFrame) {
  const parts = [[]];
  for (let i = 0; i < ring.length; i += 1) {
    const along = i > 0 && onFrame(ring[i]) && onFrame(ring[i - 1]);
    if (along) parts.push([ring[i]]);
    else parts.at(-1).push(ring[i]);
  }
  return parts;
}

/**
 * Height at a point, or null outside the grid. Quadratic through the three nearest lines in each
 * direction, so that a second-order surface is read exactly.
 */
export function heightAt({ x, y, z }, px, py) {
  const inside = (values, v) =>
    v >= Math.min(values[0], values.at(-1)) && v <= Math.max(values[0], values.at(-1));
  if (!inside(x, px) || !inside(y, py)) return null;
  const [j, u] = weights(x, px);
  const [i, v] = weights(y, py);
  return v.reduce(
    (sum, a, m) => sum + a * u.reduce((row, b, n) => row + b * z[i + m][j + n], 0),
    0,
  );
}

/** The first of the lines around a place, and Lagrange's weights of up to three of them. */
function weights(values, place) {
  const n = Math.min(3, values.length);
  const near = values.reduce(
    (best, v, k) => (Math.abs(v - place) < Math.abs(values[best] - place) ? k : best),
    0,
  );
  const first = Math.min(Math.max(near - 1, 0), values.length - n);
  const nodes = values.slice(first, first + n);
  const each = nodes.map((a, k) =>
    nodes.reduce((w, b, m) => (m === k ? w : (w * (place - b)) / (a - b)), 1),
  );
  return [first, each];
}
