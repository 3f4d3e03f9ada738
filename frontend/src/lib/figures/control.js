// What a control chart shows beyond its points: broken rules, zones, phases, the part in view.
import { finite } from './scale.js';

const SETS = [
  [/^western electric/i, 'Western Electric'],
  [/^nelson/i, 'Nelson'],
  [/^westgard/i, 'Westgard'],
  [/^beyond limits/i, 'control limits only'],
];
const NAMES = {
  limits: 'control limits only',
  western_electric: 'Western Electric',
  nelson: 'Nelson',
  westgard: 'Westgard',
  none: 'none',
};

/** The name of the rule set of a chart: what the program asked for, else what the broken rules belong to. */
export function ruleSet(violations, asked) {
  if (asked && NAMES[asked]) return NAMES[asked];
  const names = (violations ?? []).map((v) => String(v.rule));
  return SETS.find(([pattern]) => names.some((n) => pattern.test(n)))?.[1] ?? null;
}

/** Broken rules by point: Map of point to `[{rule, pattern}]`, each rule once. */
export function broken(violations) {
  const found = new Map();
  for (const { point, rule, pattern } of violations ?? []) {
    const here = found.get(point) ?? [];
    if (!here.some((r) => r.rule === rule))
      here.push({ rule: String(rule ?? 'signal'), pattern: String(pattern ?? '') });
    found.set(point, here);
  }
  return found;
}

/** "WE 1" for "Western Electric 1": short enough to stand beside a point. */
export const shortRule = (rule) =>
  rule
    .replace(/^Western Electric (?:rule )?/i, 'WE ')
    .replace(/^Nelson (?:rule )?/i, 'N')
    .replace(/^Westgard /i, '')
    .replace(/^beyond limits$/i, 'limit');

/** One limit a point, whatever the data give: a list, one number or nothing. */
export const perPoint = (limit, n) =>
  Array.isArray(limit)
    ? limit
    : Array.from({ length: n }, () => (typeof limit === 'number' ? limit : null));

const same = (a, b, size) => Math.abs(a - b) <= 1e-4 * size;

/**
 * The lines at 1 and 2 sigma where the limits stand at 3 sigma on both sides of the center
 * (not for ranges, counts near 0 or EWMA): `[{k: -2, y: [...]}, ...]`, else an empty list.
 */
export function zones({ center, ucl, lcl }, n) {
  const c = perPoint(center, n);
  const u = perPoint(ucl, n);
  const l = perPoint(lcl, n);
  const ok = c.every((v, i) => {
    const size = (u[i] ?? NaN) - (l[i] ?? NaN);
    return size > 0 && same(u[i] - v, v - l[i], size);
  });
  if (!ok || !n) return [];
  return [-2, -1, 1, 2].map((k) => ({ k, y: c.map((v, i) => v + (k * (u[i] - v)) / 3) }));
}

/** Runs of equal limits: `[{from, to, value}]` by index, so that a changed limit starts a new step. */
export function runs(values) {
  const found = [];
  values.forEach((value, i) => {
    const last = found.at(-1);
    if (last && last.value === value) last.to = i;
    else found.push({ from: i, to: i, value });
  });
  return found.filter((r) => typeof r.value === 'number');
}

/** Phases by index: from names a point, or from the baseline that set the limits. */
export function phases(data) {
  const names = data.phase ?? data.stage;
  const points = data.point ?? [];
  if (Array.isArray(names)) {
    const found = [];
    names.forEach((name, i) => {
      if (found.at(-1)?.name === String(name)) found.at(-1).to = i;
      else found.push({ name: String(name), from: i, to: i });
    });
    return found.length > 1 ? found : [];
  }
  const [first, last] = Array.isArray(data.baseline) ? data.baseline : [1, data.baseline];
  if (typeof last !== 'number') return [];
  const from = points.findIndex((p) => p >= first);
  const to = points.findLastIndex((p) => p <= last);
  if (from < 0 || to < from || (from === 0 && to === points.length - 1)) return [];
  const rest = [
    { name: 'Phase I (sets the limits)', from, to },
    { name: 'Phase II', from: to + 1, to: points.length - 1 },
  ];
  return rest.filter((p) => p.to >= p.from);
}

/** The heights a chart must show for the points in view. */
export function heights(data, series, [from, to]) {
  const n = (data.point ?? []).length;
  const limits = [data.ucl, data.lcl, data.center].map((l) => perPoint(l, n).slice(from, to + 1));
  const values = [...series.map((s) => s.slice(from, to + 1)), ...limits].flat();
  const all = finite(values);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const room = (high - low) * 0.1 || Math.abs(high) * 0.05 || 1;
  // A chart of ranges, counts or proportions does not go below 0.
  return [low >= 0 && low - room < 0 ? Math.min(0, low) : low - room, high + room];
}

/** One sentence for a point, as a screen reader says it. */
export function pointWords({ label, value, rules, excluded, name, format }) {
  const parts = [`${name ?? 'point'} ${label}: ${format(value)}`];
  if (excluded) parts.push('left out of the limits');
  for (const r of rules ?? []) parts.push(`breaks ${r.rule}${r.pattern ? ` (${r.pattern})` : ''}`);
  return parts.join(', ');
}
