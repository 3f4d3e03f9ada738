/** Histograms, densities and probability plots. */
import { placeLabels, spread, textWidth } from '../../lib/figures/labels.js';
import { density } from '../../lib/figures/normal.js';
import { short } from '../../lib/figures/numbers.js';
import { area, linear, log, padded, path, reach } from '../../lib/figures/scale.js';
import { Legend, Plot, XAxis, YAxis, whole } from './Plot.jsx';

const steps = (low, high, n = 160) =>
  Array.from({ length: n + 1 }, (_, i) => low + ((high - low) * i) / n);
const sum = (values) => values.reduce((a, b) => a + (b ?? 0), 0);

function Bars({ edges, counts, x, y, classes }) {
  return counts.map((c, i) => (
    <rect
      key={i}
      x={x(edges[i])}
      y={y(c)}
      width={Math.max(0.5, x(edges[i + 1]) - x(edges[i]))}
      height={Math.max(0, y(0) - y(c))}
      className={classes ?? 'bar'}
    >
      <title>{`${short(edges[i])} to ${short(edges[i + 1])}: ${short(c)}`}</title>
    </rect>
  ));
}

/** Names over vertical lines, moved apart where lines are close and kept inside the picture. */
function TopNames({ items, frame }) {
  const half = (t) => textWidth(t, 11) / 2 + 2;
  const gap = Math.max(10, ...items.map((m) => half(m.text))) * 1.7;
  const placed = spread(
    items.map((m) => ({ ...m, y: m.x })),
    [0, frame.total.width],
    gap,
  );
  const inside = (m) => Math.min(Math.max(m.ly, half(m.text)), frame.total.width - half(m.text));
  return placed.map((m) => (
    <text key={m.text} x={inside(m)} y={frame.y0 - 5} textAnchor="middle" className={m.className}>
      {m.text}
    </text>
  ));
}

export function Histogram({ figure: { data, title } }) {
  const { edges, counts } = data;
  const at = typeof data.at === 'number' ? data.at : null;
  const domain = padded(reach(edges, at ?? []), 0.02);
  return (
    <>
      <Plot
        title={title}
        label={`${title}: histogram of ${sum(counts)} values in ${counts.length} bins`}
        margin={{ top: 22 }}
      >
        {(f) => {
          const x = linear(domain, [f.x0, f.x1]);
          const y = linear([0, Math.max(...counts) * 1.06], [f.y1, f.y0]);
          return (
            <>
              <YAxis scale={whole(y)} label="count" />
              <Bars {...{ edges, counts, x, y }} />
              <XAxis scale={x} label={data.label ?? 'value'} />
              {at !== null && (
                <>
                  <line x1={x(at)} x2={x(at)} y1={f.y0} y2={f.y1} className="line fit" />
                  <TopNames
                    frame={f}
                    items={[{ x: x(at), text: `observed ${short(at)}`, className: 'mark-text' }]}
                  />
                </>
              )}
            </>
          );
        }}
      </Plot>
    </>
  );
}

const SPECS = [
  ['lsl', 'LSL', 'spec', 'limit-text'],
  ['target', 'target', 'target', 'centre-text'],
  ['usl', 'USL', 'spec', 'limit-text'],
];

export function CapabilityHistogram({ figure: { data, title } }) {
  const { mean } = data;
  const edges = Array.isArray(data.edges) && data.counts?.length ? data.edges : null;
  const specs = SPECS.filter(([k]) => typeof data[k] === 'number');
  const spreads = [
    ['sd_within', 'within', 'line ink'],
    ['sd_overall', 'overall', 'line fit dashed'],
  ].filter(([k]) => typeof data[k] === 'number' && data[k] > 0 && typeof mean === 'number');
  const curve = data.curve && Array.isArray(data.curve.x) ? data.curve : null;
  const sd = data.sd_overall ?? data.sd_within;
  const tails = typeof mean === 'number' && sd ? [mean - 3.6 * sd, mean + 3.6 * sd] : [];
  const domain = padded(
    reach(
      edges ?? [],
      specs.map(([k]) => data[k]),
      tails,
      curve?.x ?? [],
    ),
    0.03,
  );
  const xs = steps(...domain);
  const size = edges ? sum(data.counts) * ((edges.at(-1) - edges[0]) / data.counts.length) : 1;
  const curves = spreads.map(([k, name, className]) => ({
    name,
    className,
    xs,
    ys: xs.map((v) => size * density(v, mean, data[k])),
  }));
  if (curve)
    curves.push({
      name: 'fitted',
      className: 'line fit',
      xs: curve.x,
      ys: curve.y.map((v) => size * v),
    });
  const top = Math.max(...(edges ? data.counts : []), ...curves.flatMap((c) => c.ys)) * 1.06;
  const words = specs.map(([k, name]) => `${name} ${short(data[k])}`).join(', ');
  return (
    <>
      <Plot
        title={title}
        label={`${title}: histogram with ${words || 'no limits'}, mean ${short(mean)}`}
        margin={{ top: 24 }}
      >
        {(f) => {
          const x = linear(domain, [f.x0, f.x1]);
          const y = linear([0, top], [f.y1, f.y0]);
          return (
            <>
              <YAxis scale={edges ? whole(y) : y} label={edges ? 'count' : 'density'} />
              {edges && <Bars edges={edges} counts={data.counts} x={x} y={y} />}
              {curves.map((c) => (
                <path
                  key={c.name}
                  className={c.className}
                  d={path(c.xs.map((v, i) => [x(v), y(c.ys[i])]))}
                />
              ))}
              {specs.map(([k, , style]) => (
                <line
                  key={k}
                  x1={x(data[k])}
                  x2={x(data[k])}
                  y1={f.y0}
                  y2={f.y1}
                  className={`line ${style}`}
                />
              ))}
              <TopNames
                frame={f}
                items={specs.map(([k, name, , className]) => ({
                  x: x(data[k]),
                  text: `${name} ${short(data[k])}`,
                  className,
                }))}
              />
              <XAxis scale={x} label={data.label ?? 'measurement'} />
            </>
          );
        }}
      </Plot>
      <Legend items={curves.map((c) => ({ name: c.name, className: c.className }))} />
    </>
  );
}

export function Distribution({ figure: { data, title } }) {
  const { x: xs, density: ys } = data;
  const low = data.above ?? -Infinity;
  const high = data.below ?? Infinity;
  const asked = Number.isFinite(low) || Number.isFinite(high);
  const inside = (v) => (low <= high ? v >= low && v <= high : v >= low || v <= high);
  const parts = asked ? shaded(xs, ys, [low, high], inside) : [];
  return (
    <>
      <Plot title={title} label={title} margin={{ top: 14 }}>
        {(f) => {
          const x = linear(reach(xs), [f.x0, f.x1]);
          const y = linear([0, Math.max(...ys.filter(Number.isFinite)) * 1.05], [f.y1, f.y0]);
          return (
            <>
              <YAxis scale={y} label="density" />
              {parts.map((part, k) => (
                <path
                  key={k}
                  className="asked"
                  d={area(
                    part.map((p) => x(p[0])),
                    part.map((p) => y(p[1])),
                    part.map(() => y(0)),
                  )}
                />
              ))}
              <path className="line" d={path(xs.map((v, i) => [x(v), y(ys[i])]))} />
              <XAxis scale={x} label={data.x_label ?? 'x'} />
            </>
          );
        }}
      </Plot>
      {asked && (
        <Legend
          items={[{ name: 'probability asked for', className: 'asked bar strong', shape: 'box' }]}
        />
      )}
    </>
  );
}

/** The parts of a curve inside the limits, cut exactly at them. */
function shaded(xs, ys, limits, inside) {
  const points = xs.map((v, i) => [v, ys[i]]);
  for (const limit of limits) {
    const i = xs.findIndex((v, k) => k > 0 && xs[k - 1] < limit && v > limit);
    if (i > 0) {
      const share = (limit - xs[i - 1]) / (xs[i] - xs[i - 1]);
      points.push([limit, ys[i - 1] + share * (ys[i] - ys[i - 1])]);
    }
  }
  points.sort((a, b) => a[0] - b[0]);
  const parts = [[]];
  for (const p of points) {
    if (inside(p[0])) parts.at(-1).push(p);
    else if (parts.at(-1).length) parts.push([]);
  }
  return parts.filter((p) => p.length > 1);
}

export function DiscreteDistribution({ figure: { data, title } }) {
  const { counts, probability } = data;
  const low = data.at_least ?? -Infinity;
  const high = data.at_most ?? Infinity;
  const asked = Number.isFinite(low) || Number.isFinite(high);
  const gap = Math.min(...counts.slice(1).map((v, i) => v - counts[i]), 1) || 1;
  return (
    <>
      <Plot title={title} label={title}>
        {(f) => {
          const x = linear(
            [Math.min(...counts) - gap * 0.7, Math.max(...counts) + gap * 0.7],
            [f.x0, f.x1],
          );
          const y = linear([0, Math.max(...probability) * 1.06], [f.y1, f.y0]);
          const w = Math.max(0.8, (x(gap) - x(0)) * 0.78);
          return (
            <>
              <YAxis scale={y} label="probability" />
              {counts.map((c, i) => (
                <rect
                  key={c}
                  x={x(c) - w / 2}
                  width={w}
                  y={y(probability[i])}
                  height={y(0) - y(probability[i])}
                  className={asked && c >= low && c <= high ? 'bar strong' : 'bar'}
                >
                  <title>{`${c}: ${short(probability[i])}`}</title>
                </rect>
              ))}
              <XAxis scale={whole(x)} label="count" />
            </>
          );
        }}
      </Plot>
      {asked && (
        <Legend
          items={[{ name: 'probability asked for', className: 'bar strong', shape: 'box' }]}
        />
      )}
    </>
  );
}

export function FittedDistribution({ figure: { data, title } }) {
  const values = data.values.filter(Number.isFinite);
  const [low, high] = reach(values);
  const n = Math.min(30, Math.max(5, Math.ceil(Math.log2(values.length) + 1)));
  const width = (high - low) / n || 1;
  const edges = Array.from({ length: n + 1 }, (_, i) => low + i * width);
  const counts = Array(n).fill(0);
  for (const v of values)
    counts[Math.min(n - 1, Math.floor((v - low) / width))] += 1 / (values.length * width);
  return (
    <>
      <Plot title={title} label={`${title}: ${values.length} values and the fitted density`}>
        {(f) => {
          const x = linear(padded(reach(edges, data.x), 0.02), [f.x0, f.x1]);
          const y = linear(
            [0, Math.max(...counts, ...data.density.filter(Number.isFinite)) * 1.06],
            [f.y1, f.y0],
          );
          return (
            <>
              <YAxis scale={y} label="density" />
              <Bars {...{ edges, counts, x, y }} />
              <path
                className="line fit"
                d={path(data.x.map((v, i) => [x(v), y(data.density[i])]))}
              />
              <XAxis scale={x} label={data.label ?? 'value'} />
            </>
          );
        }}
      </Plot>
      <Legend
        items={[
          { name: 'data', className: 'bar', shape: 'box' },
          { name: 'fitted', className: 'line fit' },
        ]}
      />
    </>
  );
}

export function ProbabilityPlot({ figure: { data, title } }) {
  const { quantiles: q, values: v, line } = data;
  const ends = reach(q);
  const fit = line ? ends.map((e) => line.intercept + line.slope * e) : [];
  return (
    <>
      <Plot title={title} label={`${title}: ${v.length} values against normal quantiles`}>
        {(f) => {
          const x = linear(padded(ends), [f.x0, f.x1]);
          const y = linear(padded(reach(v, fit)), [f.y1, f.y0]);
          return (
            <>
              <YAxis scale={y} label={data.label ?? 'value'} />
              <XAxis scale={x} label="normal quantile" grid />
              {line && (
                <path className="line fit" d={path(ends.map((e, i) => [x(e), y(fit[i])]))} />
              )}
              {q.map((a, i) => (
                <circle key={i} cx={x(a)} cy={y(v[i])} r="3.8" className="dot">
                  <title>{`${short(v[i], 6)} at quantile ${short(a)}`}</title>
                </circle>
              ))}
            </>
          );
        }}
      </Plot>
      {line && (
        <Legend
          items={[
            { name: 'values', className: 'dot', shape: 'dot' },
            { name: 'normal line', className: 'line fit' },
          ]}
        />
      )}
    </>
  );
}

const SHARES = [
  0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.632, 0.8, 0.9, 0.95, 0.99, 0.999,
];
const weibull = (p) => Math.log(-Math.log1p(-p));

export function WeibullPlot({ figure: { data, title } }) {
  const inside = (p) => p > 0 && p < 1;
  const points = data.x.map((v, i) => [v, data.p[i]]).filter(([v, p]) => v > 0 && inside(p));
  const line = (data.line_x ?? [])
    .map((v, i) => [v, data.line_p[i]])
    .filter(([v, p]) => v > 0 && inside(p));
  const xs = [...points, ...line].map((p) => p[0]);
  const heights = [...points, ...line].map((p) => weibull(p[1]));
  return (
    <>
      <Plot
        title={title}
        label={`${title}: ${points.length} failures on Weibull paper`}
        height={360}
        margin={{ left: 64 }}
      >
        {(f) => {
          const x = log(
            reach(xs).map((v, i) => v * (i ? 1.08 : 0.92)),
            [f.x0, f.x1],
          );
          const y = linear(padded(reach(heights), 0.04), [f.y1, f.y0]);
          const seen = SHARES.map((p) => ({ p, at: y(weibull(p)) })).filter(
            (t) => t.at >= f.y0 && t.at <= f.y1,
          );
          const ticks = seen
            .filter((t, i) => i === 0 || Math.abs(t.at - seen[i - 1].at) > 12)
            .map((t) => ({ at: t.at, text: `${short(100 * t.p)} %` }));
          return (
            <>
              <YAxis ticks={ticks} label={data.y_label ?? 'fraction failed'} />
              <XAxis scale={x} label={data.x_label ?? 'time'} grid />
              <path className="line fit" d={path(line.map(([a, p]) => [x(a), y(weibull(p))]))} />
              {points.map(([a, p], i) => (
                <circle key={i} cx={x(a)} cy={y(weibull(p))} r="3.8" className="dot">
                  <title>{`${short(a)}: ${short(100 * p)} %`}</title>
                </circle>
              ))}
            </>
          );
        }}
      </Plot>
      <Legend
        items={[
          { name: 'failures', className: 'dot', shape: 'dot' },
          ...(line.length ? [{ name: 'fitted', className: 'line fit' }] : []),
        ]}
      />
    </>
  );
}

/** Values on a line; equal and close ones are stacked. */
export function DotPlot({ figure: { data, title } }) {
  const values = data.values.filter(Number.isFinite);
  const marked = typeof data.marked === 'number' ? data.marked : null;
  return (
    <Plot
      title={title}
      label={`${title}: ${values.length} values${marked === null ? '' : `, ${short(marked)} marked`}`}
      height={140}
      margin={{ left: 24, right: 24 }}
    >
      {(f) => {
        const x = linear(padded(reach(values), 0.05), [f.x0, f.x1]);
        const stack = new Map();
        const dots = [...values]
          .sort((a, b) => a - b)
          .map((v) => {
            const column = Math.round(x(v) / 9);
            const level = stack.get(column) ?? 0;
            stack.set(column, level + 1);
            return { v, x: x(v), level };
          });
        const tall = Math.max(1, ...stack.values());
        const step = Math.min(11, (f.height - 24) / tall);
        const named = placeLabels(
          dots
            .filter((d) => d.v === marked)
            .slice(0, 1)
            .map((d) => ({ x: d.x, y: f.y1 - 8 - d.level * step, text: short(marked, 6) })),
          { x0: 0, x1: f.total.width, y0: 0, y1: f.y1 },
          { gap: 11, prefer: (c) => c.anchor === 'middle' },
        );
        return (
          <>
            <XAxis scale={x} label={data.label ?? 'value'} />
            {dots.map((d, i) => (
              <g key={i}>
                <circle cx={d.x} cy={f.y1 - 8 - d.level * step} r="4.2" className="dot faint">
                  <title>{short(d.v, 6)}</title>
                </circle>
                {d.v === marked && (
                  <circle cx={d.x} cy={f.y1 - 8 - d.level * step} r="8" className="ring" />
                )}
              </g>
            ))}
            {named.map((l) => (
              <text
                key={l.text}
                x={l.lx}
                y={l.ly}
                textAnchor={l.anchor}
                className="mark-text bad-text"
              >
                {l.text}
              </text>
            ))}
          </>
        );
      }}
    </Plot>
  );
}
