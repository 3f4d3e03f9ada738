// Every figure as a table: what its CSV holds and what people who do not see it read.

const columnsOf = (data, keys) => {
  const there = keys.filter((k) => Array.isArray(data[k]));
  const n = Math.max(0, ...there.map((k) => data[k].length));
  return {
    columns: there,
    rows: Array.from({ length: n }, (_, i) => there.map((k) => data[k][i] ?? null)),
  };
};

const renamed = (table, names) => ({ ...table, columns: table.columns.map((c) => names[c] ?? c) });

function control(data) {
  const n = data.point.length;
  const each = (v) => (Array.isArray(v) ? v : Array.from({ length: n }, () => v ?? null));
  const rules = new Map();
  for (const v of data.violations ?? [])
    rules.set(v.point, [...(rules.get(v.point) ?? []), v.rule]);
  const left = new Set(data.excluded ?? []);
  const named =
    Array.isArray(data.label) && data.label.some((l, i) => String(l) !== String(data.point[i]));
  const values = ['value', 'upper', 'lower'].filter((k) => Array.isArray(data[k]));
  const limits = ['center', 'lcl', 'ucl'].filter((k) => data[k] !== undefined && data[k] !== null);
  const columns = [
    'point',
    ...(named ? ['label'] : []),
    ...values,
    ...limits,
    'signals',
    'left out',
  ];
  const rows = data.point.map((p, i) => [
    p,
    ...(named ? [data.label[i]] : []),
    ...values.map((k) => data[k][i]),
    ...limits.map((k) => each(data[k])[i]),
    [...new Set(rules.get(p) ?? [])].join('; '),
    left.has(p) ? 'yes' : '',
  ]);
  return { columns, rows };
}

function bins(data) {
  const rows = (data.counts ?? []).map((c, i) => [data.edges[i], data.edges[i + 1], c]);
  return { columns: ['from', 'to', 'count'], rows };
}

/** Samples by group, in any of the ways operations give them. */
export function groupsOf(data) {
  if (Array.isArray(data.groups))
    return data.groups.map((g) => ({ name: String(g.name), values: g.values }));
  if (data.groups) return Object.entries(data.groups).map(([name, values]) => ({ name, values }));
  return [{ name: String(data.label ?? 'value'), values: data.values ?? [] }];
}

const groups = (data) => ({
  columns: ['group', 'value'],
  rows: groupsOf(data).flatMap((g) => g.values.map((v) => [g.name, v])),
});

/** The lines of an interaction plot. */
export function linesOf(data) {
  if (data.lines && !Array.isArray(data.lines))
    return Object.entries(data.lines).map(([name, y]) => ({ name, y }));
  return (data.series ?? []).map((s) => ({ name: String(s.name), y: s.y }));
}

function lines(data) {
  const all = linesOf(data);
  const columns = [data.x_name ?? data.x_label ?? 'x', ...all.map((l) => l.name)];
  return { columns, rows: (data.x ?? []).map((x, i) => [x, ...all.map((l) => l.y[i])]) };
}

/** The panels of a main-effects plot: `{name, levels, mean}`. */
export const panelsOf = (data) =>
  Object.entries(data).map(([name, m]) => {
    const mean = Array.isArray(m) ? m : m.mean;
    const levels =
      (Array.isArray(m) ? null : m.levels) ??
      (mean.length === 2 ? ['low', 'high'] : mean.map((_, i) => i + 1));
    return { name, levels, mean };
  });

const effects = (data) => ({
  columns: ['factor', 'level', 'mean'],
  rows: panelsOf(data).flatMap((p) => p.mean.map((m, i) => [p.name, p.levels[i], m])),
});

const grid = (data) => ({
  columns: [`${data.y_name} \\ ${data.x_name}`, ...data.x],
  rows: data.y.map((y, i) => [y, ...data.z[i]]),
});

const matrix = (data) => {
  const names = data.names ?? data.labels;
  const values = data.matrix ?? data.values;
  return { columns: ['', ...names], rows: values.map((row, i) => [names[i], ...row]) };
};

const CURVES = [
  ['x', 'y'],
  ['n', 'power'],
  ['p', 'pa'],
  ['distances', 'predicted'],
  ['power', 'log_likelihood'],
];

/** The two lists of a curve and their names. */
export function curveOf(data) {
  const [a, b] =
    CURVES.find(([p, q]) => Array.isArray(data[p]) && Array.isArray(data[q])) ?? CURVES[0];
  const words = (k) => k.replaceAll('_', ' ');
  return {
    xs: data[a] ?? [],
    ys: data[b] ?? [],
    xName: data.x_label ?? words(a),
    yName: data.y_label ?? words(b),
    keys: [a, b],
  };
}

function curve(data) {
  const { xs, ys, xName, yName } = curveOf(data);
  const more = ['low', 'high', 'ci_low', 'ci_high'].filter((k) => Array.isArray(data[k]));
  const path = Array.isArray(data.path) && Array.isArray(data.factors) ? data.factors : [];
  return {
    columns: [xName, yName, ...more, ...path],
    rows: xs.map((x, i) => [
      x,
      ys[i],
      ...more.map((k) => data[k][i]),
      ...path.map((_, j) => data.path[i][j]),
    ]),
  };
}

/** Several curves over one x; points of their own come below them. */
const curves = (data) => ({
  columns: [data.x_label ?? 'x', ...data.series.map((l) => String(l.name))],
  rows: [
    ...data.x.map((x, i) => [x, ...data.series.map((l) => l.y[i] ?? null)]),
    ...(data.points ?? []).flatMap((p) => p.x.map((x, i) => [x, `${p.name} ${p.y[i]}`])),
  ],
});

const fitted = (data) => {
  const points = (data.x ?? []).map((x, i) => ['data', x, data.y[i]]);
  const gx = data.grid ?? data.line_x ?? [];
  const gy = data.predicted ?? data.line_y ?? [];
  const ends =
    [
      ['mean_ci_low', 'mean_ci_high'],
      ['low', 'high'],
    ].find(([l]) => data[l]) ?? [];
  const band = (i) => [...ends, 'pi_low', 'pi_high'].filter((k) => data[k]).map((k) => data[k][i]);
  const names = [...ends, 'pi_low', 'pi_high'].filter((k) => data[k]);
  return {
    columns: [
      'part',
      data.x_name ?? data.x_label ?? 'x',
      data.y_name ?? data.y_label ?? 'y',
      ...names,
    ],
    rows: [
      ...points.map((p) => [...p, ...names.map(() => null)]),
      ...gx.map((x, i) => ['fitted', x, gy[i], ...band(i)]),
    ],
  };
};

const mosaic = (data) => ({
  columns: ['', ...data.columns],
  rows: data.counts.map((r, i) => [data.rows[i], ...r]),
});

const bars = (data) => {
  const table = columnsOf(data, ['observed', 'expected']);
  const labels = data.labels ?? table.rows.map((_, i) => i + 1);
  return {
    columns: ['category', ...table.columns],
    rows: table.rows.map((r, i) => [labels[i], ...r]),
  };
};

const residuals = (data) => {
  const rows = data.rows ?? data.fitted.map((_, i) => i + 1);
  return columnsOf({ ...data, row: rows }, ['row', 'fitted', 'residuals', 'standardised']);
};

const KEYS = {
  autocorrelation: ['lag', 'autocorrelation'],
  discrete_distribution: ['counts', 'probability'],
  distribution: ['x', 'density'],
  fitted_distribution: ['x', 'density'],
  half_normal: ['names', 'absolute_effects', 'quantiles'],
  pareto: ['names', 'values'],
  intervals: ['pairs', 'differences', 'ci_low', 'ci_high'],
  probability_plot: ['quantiles', 'values'],
  variance_components: ['source', 'contribution', 'study_variation', 'tolerance'],
  weibull_plot: ['x', 'p'],
  scatter: ['x', 'y'],
  dot_plot: ['values'],
};

const MAKERS = {
  control_chart: control,
  cusum_chart: control,
  run_chart: control,
  histogram: bins,
  capability_histogram: bins,
  box_plot: groups,
  box: groups,
  group_plot: groups,
  interaction: lines,
  gage_run_chart: lines,
  main_effects: effects,
  contour: grid,
  surface: grid,
  correlation_map: matrix,
  heatmap: matrix,
  regression_line: fitted,
  fitted_line: fitted,
  curves,
  mosaic,
  bars,
  residuals,
  interval: (data) => ({
    columns: ['low', 'high', ...(data.bounds ?? []).map((_, i) => `bound ${i + 1}`)],
    rows: [[data.low, data.high, ...(data.bounds ?? [])]],
  }),
  scatter_fit: (data) => columnsOf(data, KEYS.scatter),
};
for (const kind of ['line', 'fds', 'step', 'oc_curve', 'power_curve']) MAKERS[kind] = curve;

/** `{columns, rows}` of a figure. */
export function figureRows({ kind, data }) {
  if (MAKERS[kind]) return MAKERS[kind](data);
  const table = columnsOf(data, KEYS[kind] ?? Object.keys(data));
  return kind === 'scatter' && data.labels
    ? renamed(table, { x: data.labels[0], y: data.labels[1] })
    : table;
}
