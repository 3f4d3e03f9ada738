/** Curves, scatter plots and fitted lines. */
import { placeLabels } from '../../lib/figures/labels.js';
import { short } from '../../lib/figures/numbers.js';
import { curveOf } from '../../lib/figures/rows.js';
import {
  area,
  interpolate,
  linear,
  log,
  padded,
  path,
  reach,
  stepPath,
} from '../../lib/figures/scale.js';
import { Legend, Marker, Plot, XAxis, YAxis, series, whole } from './Plot.jsx';

/** Points to be named on a curve, in any of the ways operations give them. */
export function marksOf(data, xs, ys) {
  const marks = [];
  const plain = (a, b) => `${short(a)}; ${short(b)}`;
  if (Array.isArray(data.marked))
    marks.push([data.marked[0], data.marked[1], plain(...data.marked)]);
  if (typeof data.at === 'number' && xs.length > 1) {
    const y = interpolate(xs, ys, data.at);
    marks.push([data.at, y, plain(data.at, y)]);
  }
  for (const m of data.marks ?? []) {
    if (Array.isArray(m)) marks.push([m[0], m[1], m[2] ?? plain(m[0], m[1])]);
    else {
      const [a, b] = 'x' in m ? [m.x, m.y] : [m.p, m.pa];
      const name = m.label ?? m.name;
      marks.push([a, b, name ? `${name} (${plain(a, b)})` : plain(a, b)]);
    }
  }
  return marks.filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b));
}

const SHARES = new Set(['oc_curve', 'power_curve', 'step']);

export function Curve({ figure: { data, kind, title } }) {
  const { xs, ys, xName, yName, keys } = curveOf(data);
  const stepped = Array.isArray(data.censored);
  const marks = marksOf(data, xs, ys);
  const edges = ['low', 'high', 'ci_low', 'ci_high'].filter((k) => Array.isArray(data[k]));
  const positive = ys.filter((v) => v > 0);
  const useLog =
    Boolean(data.log_y) &&
    positive.length > 1 &&
    Math.max(...positive) / Math.min(...positive) > 20;
  const share = SHARES.has(kind) || ['n', 'p'].includes(keys[0]);
  const domain = share
    ? [0, 1]
    : useLog
      ? reach(positive).map((v, i) => v * (i ? 1.15 : 0.87))
      : padded(
          reach(
            ys,
            edges.map((k) => data[k]),
            marks.map((m) => m[1]),
          ),
        );
  const draw = stepped ? stepPath : path;
  const few = xs.length <= 14 && !stepped;
  const censored = (data.censored ?? []).map((c) => [
    c,
    ys[
      Math.max(
        0,
        xs.findLastIndex((v) => v <= c),
      )
    ],
  ]);
  const xReach = reach(
    xs,
    marks.map((m) => m[0]),
    data.censored ?? [],
  );
  return (
    <>
      <Plot
        title={title}
        label={`${title}: ${yName} against ${xName}`}
        margin={{ top: 16, right: 20 }}
      >
        {(f) => {
          const x = linear(few ? padded(xReach, 0.03) : xReach, [f.x0, f.x1]);
          const y = (useLog ? log : linear)(domain, [f.y1, f.y0]);
          const inside = (v) => Math.min(Math.max(v, domain[0]), domain[1]);
          const names = placeLabels(
            marks.map(([a, b, text]) => ({ x: x(a), y: y(inside(b)), text })),
            { x0: f.x0, x1: f.total.width - 2, y0: 0, y1: f.y1 },
            { gap: 10 },
          );
          return (
            <>
              <YAxis scale={y} label={yName} />
              <XAxis scale={x} label={xName} />
              {edges.map((k) => (
                <path
                  key={k}
                  className="line thin dashed"
                  d={draw(xs.map((v, i) => [x(v), y(inside(data[k][i]))]))}
                />
              ))}
              <path
                className="line"
                d={draw(xs.map((v, i) => [x(v), ys[i] === null ? NaN : y(inside(ys[i]))]))}
              />
              {few &&
                xs.map((v, i) => (
                  <circle key={i} cx={x(v)} cy={y(inside(ys[i]))} r="3.6" className="dot">
                    <title>{`${short(v)}; ${short(ys[i])}`}</title>
                  </circle>
                ))}
              {censored.map(([a, b], i) => (
                <path key={i} className="out" d={`M${x(a) - 4},${y(b)}h8M${x(a)},${y(b) - 4}v8`} />
              ))}
              {marks.map(([a, b], i) => (
                <circle key={i} cx={x(a)} cy={y(inside(b))} r="5" className="dot strong" />
              ))}
              {names.map((l) => (
                <text key={l.text} x={l.lx} y={l.ly} textAnchor={l.anchor} className="mark-text">
                  {l.text}
                </text>
              ))}
            </>
          );
        }}
      </Plot>
      <Legend
        items={[
          ...(edges.length ? [{ name: 'confidence limits', className: 'line dashed' }] : []),
          ...(censored.length ? [{ name: 'censored', className: 'out', shape: 5 }] : []),
        ]}
      />
    </>
  );
}

export function Autocorrelation({ figure: { data, title } }) {
  const { lag, autocorrelation: r, limit } = data;
  return (
    <>
      <Plot title={title} label={`${title}: lags ${lag[0]} to ${lag.at(-1)}`}>
        {(f) => {
          const x = linear([Math.min(...lag) - 0.7, Math.max(...lag) + 0.7], [f.x0, f.x1]);
          const y = linear([-1.04, 1.04], [f.y1, f.y0]);
          return (
            <>
              <YAxis scale={y} label="autocorrelation" />
              <XAxis scale={whole(x)} label="lag" />
              <line x1={f.x0} x2={f.x1} y1={y(0)} y2={y(0)} className="axis-line" />
              {[-1, 1].map((s) => (
                <line
                  key={s}
                  x1={f.x0}
                  x2={f.x1}
                  y1={y(s * limit)}
                  y2={y(s * limit)}
                  className="line limit"
                />
              ))}
              {lag.map((k, i) => (
                <g key={k}>
                  <line x1={x(k)} x2={x(k)} y1={y(0)} y2={y(r[i])} className="stem" />
                  <circle
                    cx={x(k)}
                    cy={y(r[i])}
                    r="4"
                    className={Math.abs(r[i]) > limit ? 'dot strong' : 'dot'}
                  >
                    <title>{`lag ${k}: ${short(r[i])}`}</title>
                  </circle>
                </g>
              ))}
            </>
          );
        }}
      </Plot>
      <Legend
        items={[
          {
            name: `limits for an independent series, ±${short(limit, 3)}`,
            className: 'line limit',
          },
        ]}
      />
    </>
  );
}

export function Scatter({ figure: { data, title } }) {
  const [xName, yName] = data.labels ?? [data.x_label ?? 'x', data.y_label ?? 'y'];
  return (
    <Plot title={title} label={`${title}: ${data.x.length} points, ${yName} against ${xName}`}>
      {(f) => {
        const x = linear(padded(reach(data.x)), [f.x0, f.x1]);
        const y = linear(padded(reach(data.y)), [f.y1, f.y0]);
        return (
          <>
            <YAxis scale={y} label={yName} />
            <XAxis scale={x} label={xName} grid />
            <Dots xs={data.x} ys={data.y} x={x} y={y} />
          </>
        );
      }}
    </Plot>
  );
}

function Dots({ xs, ys, x, y }) {
  return xs.map((v, i) =>
    Number.isFinite(v) && Number.isFinite(ys[i]) ? (
      <circle key={i} cx={x(v)} cy={y(ys[i])} r="3.8" className="dot faint">
        <title>{`${short(v, 6)}; ${short(ys[i], 6)}`}</title>
      </circle>
    ) : null,
  );
}

const BANDS = [
  ['pi_low', 'pi_high', 'band outer', 'prediction interval'],
  ['mean_ci_low', 'mean_ci_high', 'band', 'confidence of the mean'],
  ['low', 'high', 'band', 'confidence of the mean'],
];

export function FittedLine({ figure: { data, title } }) {
  const grid = data.grid ?? data.line_x ?? [];
  const line = data.predicted ?? data.line_y ?? [];
  const there = BANDS.filter(([l, h]) => Array.isArray(data[l]) && Array.isArray(data[h]));
  const xName = data.x_name ?? data.x_label ?? 'x';
  const yName = data.y_name ?? data.y_label ?? 'y';
  return (
    <>
      <Plot title={title} label={`${title}: ${data.x.length} points and the fitted line`}>
        {(f) => {
          const x = linear(padded(reach(data.x, grid), 0.04), [f.x0, f.x1]);
          const y = linear(
            padded(
              reach(
                data.y,
                line,
                there.map(([l, h]) => [data[l], data[h]]),
              ),
              0.04,
            ),
            [f.y1, f.y0],
          );
          const gx = grid.map(x);
          return (
            <>
              <YAxis scale={y} label={yName} />
              <XAxis scale={x} label={xName} grid />
              {there.map(([l, h, className]) => (
                <path key={l} className={className} d={area(gx, data[h].map(y), data[l].map(y))} />
              ))}
              <path className="line fit" d={path(grid.map((v, i) => [x(v), y(line[i])]))} />
              <Dots xs={data.x} ys={data.y} x={x} y={y} />
            </>
          );
        }}
      </Plot>
      <Legend
        items={[
          { name: 'fitted', className: 'line fit' },
          ...there.map(([, , className, name]) => ({ name, className, shape: 'box' })),
        ]}
      />
    </>
  );
}

/** Several curves over one x, points on top, upright lines at `mark_x`. */
export function Curves({ figure: { data, title } }) {
  const lines = data.series;
  const points = data.points ?? [];
  const ys = lines.map((l) => l.y).concat(points.map((p) => p.y));
  const positive = ys.flat().filter((v) => v > 0);
  const useLog = Boolean(data.log_y) && positive.length > 1;
  const domain = useLog ? reach(positive).map((v, i) => v * (i ? 1.15 : 0.87)) : padded(reach(ys));
  const names = [...lines, ...points].map((l) => String(l.name));
  return (
    <>
      <Plot title={title} label={`${title}: ${names.join(', ')} against ${data.x_label ?? 'x'}`}>
        {(f) => {
          const marks = data.mark_x ?? [];
          const x = linear(
            reach(
              data.x,
              points.map((p) => p.x),
              marks,
            ),
            [f.x0, f.x1],
          );
          const y = (useLog ? log : linear)(domain, [f.y1, f.y0]);
          const at = (v) => (v === null || (useLog && v <= 0) ? NaN : y(v));
          return (
            <>
              <YAxis scale={y} label={data.y_label} />
              <XAxis scale={x} label={data.x_label ?? 'x'} />
              {marks.map((m) => (
                <line key={m} x1={x(m)} x2={x(m)} y1={f.y0} y2={f.y1} className="zero-line" />
              ))}
              {lines.map((l, k) => (
                <path
                  key={k}
                  className={`series ${series(k)} series-dash-${(k % 4) + 1}`}
                  d={path(l.y.map((v, i) => [x(data.x[i]), at(v)]))}
                />
              ))}
              {points.map((p, k) =>
                p.x.map((v, i) => (
                  <Marker
                    key={`${k}.${i}`}
                    index={k + 1}
                    x={x(v)}
                    y={at(p.y[i])}
                    className={series(k + lines.length)}
                  />
                )),
              )}
            </>
          );
        }}
      </Plot>
      {names.length > 1 && (
        <Legend
          items={names.map((name, k) => ({
            name,
            className:
              k < lines.length ? `line series ${series(k)} series-dash-${(k % 4) + 1}` : series(k),
            shape: k < lines.length ? 'line' : k - lines.length + 1,
          }))}
        />
      )}
    </>
  );
}
