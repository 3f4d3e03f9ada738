/** Groups side by side: boxes, means, intervals, counts. */
import { quantile } from 'd3-array';

import { short } from '../../lib/figures/numbers.js';
import { groupsOf, linesOf, panelsOf } from '../../lib/figures/rows.js';
import { bands, finite, linear, padded, path, reach } from '../../lib/figures/scale.js';
import {
  Legend,
  Marker,
  Plot,
  XAxis,
  YAxis,
  bottomRoom,
  leftRoom,
  namedTicks,
  series,
} from './Plot.jsx';

/** Quartiles, whiskers to the last value within 1.5 box lengths, mean. */
export function boxOf(values) {
  const sorted = finite(values).sort((a, b) => a - b);
  if (!sorted.length) return null;
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((p) => quantile(sorted, p));
  const reachOf = 1.5 * (q3 - q1);
  const inside = sorted.filter((v) => v >= q1 - reachOf && v <= q3 + reachOf);
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  return { sorted, q1, median, q3, low: inside[0], high: inside.at(-1), mean };
}

export function Boxes({ figure: { data, title } }) {
  const groups = groupsOf(data).map((g) => ({ name: g.name, box: boxOf(g.values) }));
  const lines = ['low', 'high', 'reference'].filter((k) => typeof data[k] === 'number');
  const names = groups.map((g) => g.name);
  const domain = padded(
    reach(
      groups.map((g) => g.box?.sorted ?? []),
      lines.map((k) => data[k]),
    ),
  );
  const word = { low: 'fence', high: 'fence', reference: 'reference' };
  return (
    <>
      <Plot
        title={title}
        label={`${title}: ${groups.map((g) => `${g.name} median ${short(g.box?.median)}`).join(', ')}`}
        margin={(w) => ({ bottom: bottomRoom(names, w - 72) - (data.x_label ? 0 : 14) })}
      >
        {(f) => {
          const x = bands(groups.length, [f.x0, f.x1], 0.35);
          const y = linear(domain, [f.y1, f.y0]);
          const half = Math.min(38, x.width / 2);
          return (
            <>
              <YAxis scale={y} label={data.y_label ?? data.label} />
              <XAxis {...namedTicks(names, x, f.width)} label={data.x_label} />
              {lines.map((k) => (
                <line
                  key={k}
                  x1={f.x0}
                  x2={f.x1}
                  y1={y(data[k])}
                  y2={y(data[k])}
                  className="line limit"
                />
              ))}
              {groups.map(
                (g, i) =>
                  g.box && <Box key={i} {...{ box: g.box, name: g.name, cx: x(i), half, y }} />,
              )}
            </>
          );
        }}
      </Plot>
      <Legend
        items={[
          { name: 'mean', className: 'mean', shape: 2 },
          ...(lines.length
            ? [
                {
                  name: [...new Set(lines.map((k) => `${word[k]} ${short(data[k])}`))].join(', '),
                  className: 'line limit',
                },
              ]
            : []),
        ]}
      />
    </>
  );
}

function Box({ box, name, cx, half, y }) {
  const n = box.sorted.length;
  const jitter = (i) => (((i * 7919) % 13) / 12 - 0.5) * half * 0.9;
  return (
    <g>
      <title>{`${name}: n ${n}, mean ${short(box.mean)}, median ${short(box.median)}, quartiles ${short(box.q1)} and ${short(box.q3)}`}</title>
      {n >= 4 && (
        <>
          <path
            className="whisker"
            d={`M${cx},${y(box.low)}V${y(box.q1)}M${cx},${y(box.q3)}V${y(box.high)}M${cx - half / 2},${y(box.low)}h${half}M${cx - half / 2},${y(box.high)}h${half}`}
          />
          <rect
            className="box"
            x={cx - half}
            width={2 * half}
            y={y(box.q3)}
            height={Math.max(1, y(box.q1) - y(box.q3))}
          />
          <line
            className="median"
            x1={cx - half}
            x2={cx + half}
            y1={y(box.median)}
            y2={y(box.median)}
          />
        </>
      )}
      {n <= 400 &&
        box.sorted.map((v, i) => (
          <circle key={i} cx={cx + jitter(i)} cy={y(v)} r="2.6" className="dot small" />
        ))}
      <Marker index={2} x={cx} y={y(box.mean)} r={4.2} className="mean" />
    </g>
  );
}

const PANEL = 130; // narrowest panel of a main-effects plot

export function MainEffects({ figure: { data, title } }) {
  const panels = panelsOf(data);
  const all = panels.flatMap((p) => p.mean);
  const domain = padded(reach(all), 0.12);
  const overall = finite(all).reduce((a, b) => a + b, 0) / finite(all).length;
  const rows = (width) =>
    Math.ceil(
      panels.length / Math.max(1, Math.min(panels.length, Math.floor((width - 72) / PANEL))),
    );
  const words = panels
    .map((p) => `${p.name} ${p.mean.map((m) => short(m)).join(' to ')}`)
    .join(', ');
  return (
    <Plot
      title={title}
      label={`${title}: ${words}`}
      height={(w) => (rows(w) === 1 ? 270 : rows(w) * 190 + 16)}
      margin={{ top: 8, bottom: 8 }}
    >
      {(f) => {
        const perRow = Math.ceil(panels.length / rows(f.total.width));
        const high = f.height / rows(f.total.width);
        const wide = f.width / perRow;
        return panels.map((p, k) => {
          const x0 = f.x0 + (k % perRow) * wide;
          const y0 = f.y0 + Math.floor(k / perRow) * high;
          const box = { x0: x0 + 6, x1: x0 + wide - 6, y0: y0 + 6, y1: y0 + high - 44 };
          return <Panel key={p.name} {...{ p, box, domain, overall }} first={k % perRow === 0} />;
        });
      }}
    </Plot>
  );
}

function Panel({ p, box, domain, overall, first }) {
  const x = bands(p.mean.length, [box.x0, box.x1]);
  const y = linear(domain, [box.y1, box.y0]);
  const ticks = y.ticks(5);
  const texts = p.levels.map((l) => (typeof l === 'number' ? short(l) : String(l)));
  return (
    <g>
      {ticks.map((t) => (
        <line key={t} x1={box.x0} x2={box.x1} y1={y(t)} y2={y(t)} className="grid-line" />
      ))}
      {first &&
        ticks.map((t) => (
          <text key={t} x={box.x0 - 6} y={y(t)} dy="0.34em" textAnchor="end" className="tick-text">
            {short(t)}
          </text>
        ))}
      <line x1={box.x0} x2={box.x1} y1={y(overall)} y2={y(overall)} className="zero-line" />
      <path className="axis-line" d={`M${box.x0},${box.y0}V${box.y1}H${box.x1}`} />
      <path className="line" d={path(p.mean.map((m, i) => [x(i), y(m)]))} />
      {p.mean.map((m, i) => (
        <g key={i}>
          <circle cx={x(i)} cy={y(m)} r="4" className="dot">
            <title>{`${p.name} ${texts[i]}: ${short(m, 6)}`}</title>
          </circle>
          <text x={x(i)} y={box.y1 + 15} textAnchor="middle" className="tick-text">
            {texts[i].length > 10 ? `${texts[i].slice(0, 9)}…` : texts[i]}
          </text>
        </g>
      ))}
      <text x={(box.x0 + box.x1) / 2} y={box.y1 + 33} textAnchor="middle" className="axis-title">
        {p.name.length > 20 ? `${p.name.slice(0, 19)}…` : p.name}
      </text>
    </g>
  );
}

export function Interaction({ figure: { data, title } }) {
  const lines = linesOf(data);
  const names = data.x.map((v) => (typeof v === 'number' ? short(v) : String(v)));
  return (
    <>
      <Plot
        title={title}
        label={`${title}: ${lines.length} lines over ${names.length} levels`}
        margin={(w) => ({ bottom: bottomRoom(names, w - 72) })}
      >
        {(f) => {
          const x = bands(names.length, [f.x0, f.x1]);
          const y = linear(padded(reach(lines.map((l) => l.y)), 0.1), [f.y1, f.y0]);
          return (
            <>
              <YAxis scale={y} label={data.y_label ?? 'mean'} />
              <XAxis {...namedTicks(names, x, f.width)} label={data.x_label ?? data.x_name} />
              {lines.map((l, k) => (
                <g key={l.name}>
                  <path
                    className={`series ${series(k)} series-dash-${(k % 4) + 1}`}
                    d={path(l.y.map((v, i) => [x(i), v === null ? NaN : y(v)]))}
                  />
                  {l.y.map((v, i) => (
                    <Marker
                      key={i}
                      index={k}
                      x={x(i)}
                      y={v === null ? NaN : y(v)}
                      className={series(k)}
                    />
                  ))}
                </g>
              ))}
            </>
          );
        }}
      </Plot>
      <Legend
        items={lines.map((l, k) => ({
          name: data.line_name ? `${data.line_name} ${l.name}` : l.name,
          className: `series ${series(k)}`,
          shape: k,
        }))}
      />
    </>
  );
}

export function Intervals({ figure: { data, title } }) {
  const pairs = data.pairs.map((p) => (Array.isArray(p) ? p.join(' − ') : String(p)));
  const low = data.ci_low;
  const high = data.ci_high;
  const apart = pairs.filter((_, i) => low[i] > 0 || high[i] < 0);
  return (
    <>
      <Plot
        title={title}
        label={`${title}: ${apart.length ? `different from 0: ${apart.join(', ')}` : 'none different from 0'}`}
        height={pairs.length * 28 + 66}
        margin={{ left: leftRoom(pairs, false) }}
      >
        {(f) => {
          const x = linear(padded(reach(low, high, 0)), [f.x0, f.x1]);
          return (
            <>
              <XAxis scale={x} label={data.x_label ?? 'difference'} grid />
              <line x1={x(0)} x2={x(0)} y1={f.y0} y2={f.y1} className="line ink dashed" />
              {pairs.map((p, i) => {
                const y = f.y0 + i * 28 + 14;
                const k = low[i] > 0 || high[i] < 0 ? 1 : 0;
                return (
                  <g key={p}>
                    <title>{`${p}: ${short(data.differences[i])} (${short(low[i])} to ${short(high[i])})`}</title>
                    <text x={f.x0 - 7} y={y} dy="0.34em" textAnchor="end" className="tick-text">
                      {p.length > 28 ? `${p.slice(0, 27)}…` : p}
                    </text>
                    <path
                      className={`series ${series(k)}`}
                      d={`M${x(low[i])},${y - 5}v10M${x(low[i])},${y}H${x(high[i])}M${x(high[i])},${y - 5}v10`}
                    />
                    <Marker
                      index={k * 2}
                      x={x(data.differences[i])}
                      y={y}
                      r={4.2}
                      className={series(k)}
                    />
                  </g>
                );
              })}
            </>
          );
        }}
      </Plot>
      <Legend
        items={[
          { name: 'holds 0', className: `series ${series(0)}`, shape: 0 },
          { name: 'does not hold 0', className: `series ${series(1)}`, shape: 2 },
        ]}
      />
    </>
  );
}

export function Interval({ figure: { data, title } }) {
  const bounds = data.bounds ?? [];
  return (
    <>
      <Plot
        title={title}
        label={`${title}: ${short(data.low)} to ${short(data.high)}`}
        height={120}
        margin={{ left: 24, right: 24, top: 16 }}
      >
        {(f) => {
          const x = linear(padded(reach(data.low, data.high, 0, bounds), 0.08), [f.x0, f.x1]);
          const y = (f.y0 + f.y1) / 2;
          return (
            <>
              <XAxis scale={x} label={data.x_label ?? 'difference'} />
              <line x1={x(0)} x2={x(0)} y1={f.y0} y2={f.y1} className="zero-line" />
              {bounds.map((b) => (
                <line key={b} x1={x(b)} x2={x(b)} y1={f.y0 - 4} y2={f.y1} className="line limit" />
              ))}
              <path
                className={`series ${series(0)}`}
                d={`M${x(data.low)},${y - 8}v16M${x(data.low)},${y}H${x(data.high)}M${x(data.high)},${y - 8}v16`}
              />
            </>
          );
        }}
      </Plot>
      {bounds.length > 0 && (
        <Legend
          items={[
            { name: 'confidence interval', className: `line series ${series(0)}` },
            {
              name: `bounds ${bounds.map((b) => short(b)).join(' and ')}`,
              className: 'line limit',
            },
          ]}
        />
      )}
    </>
  );
}
