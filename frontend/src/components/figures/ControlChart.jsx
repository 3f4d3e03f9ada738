/** Control charts, run charts and cusum charts: every point can be reached and named. */
import { useMemo, useRef, useState } from 'react';

import {
  broken,
  heights,
  perPoint,
  phases,
  pointWords,
  runs,
  shortRule,
  zones,
} from '../../lib/figures/control.js';
import { everyNth, placeLabels, spread, textWidth } from '../../lib/figures/labels.js';
import { short } from '../../lib/figures/numbers.js';
import { bands, linear, path } from '../../lib/figures/scale.js';
import { Clip, Legend, Marker, Plot, XAxis, YAxis, useClip } from './Plot.jsx';

const LIMITS = [
  ['ucl', 'UCL', 'limit'],
  ['center', 'CL', 'centre'],
  ['lcl', 'LCL', 'limit'],
];

/** All that the drawing needs, from the figure's data. */
export function readChart(data, kind) {
  const n = data.point.length;
  const sums = ['upper', 'lower'].filter((k) => Array.isArray(data[k]));
  const series = sums.length
    ? sums.map((k) => ({ name: k, values: data[k] }))
    : [{ name: 'value', values: data.value }];
  const limits = LIMITS.filter(([key]) => data[key] !== undefined && data[key] !== null).map(
    ([key, text, style]) => ({
      key,
      text:
        kind === 'cusum_chart' && key !== 'center'
          ? key === 'ucl'
            ? 'H'
            : '−H'
          : kind === 'run_chart'
            ? 'median'
            : (data.limit_names?.[key] ?? text),
      style,
      values: perPoint(data[key], n),
    }),
  );
  return {
    n,
    series,
    limits,
    rules: broken(data.violations),
    excluded: new Set(data.excluded ?? []),
    labels: (data.label ?? data.point).map(String),
    phases: phases(data),
    zones: kind === 'control_chart' ? zones(data, n) : [],
  };
}

/** The height at which a point stands: of a cusum's two sums the one farther out. */
const heightOf = (chart, i) =>
  chart.series
    .map((s) => s.values[i])
    .reduce((a, b) => (Math.abs(b ?? 0) > Math.abs(a ?? 0) ? b : a), chart.series[0].values[i]);

export default function ControlChart({
  figure,
  view,
  onView,
  selected,
  onSelect,
  showZones,
  xTitle,
}) {
  const { data, kind, title } = figure;
  const chart = useMemo(() => readChart(data, kind), [data, kind]);
  const [from, to] = view ?? [0, chart.n - 1];
  const [low, high] = heights(
    data,
    chart.series.map((s) => s.values),
    [from, to],
  );
  const endTexts = chart.limits.map((l) => `${l.text} ${short(l.values[to], 5)}`);
  const right = Math.max(24, ...endTexts.map((t) => textWidth(t, 11))) + 12;
  const broke = [...chart.rules.keys()].length;
  const label = `${title}: ${chart.n} points, ${broke ? `${broke} with a broken rule` : 'no rule broken'}`;
  return (
    <div className="chart-with-help">
      <Plot
        label={label}
        title={title}
        height={330}
        interactive
        margin={{ right, left: 62 }}
        data-kind={kind}
      >
        {(frame) => (
          <Inside
            {...{
              frame,
              chart,
              data,
              kind,
              from,
              to,
              low,
              high,
              selected,
              onSelect,
              onView,
              showZones,
              xTitle,
              title,
            }}
          />
        )}
      </Plot>
      <p className="chart-help">
        Arrow keys move along the points, N and P along the signals, Enter selects; drag across the
        chart to zoom, double-click to see all.
      </p>
      <Legend items={legend(chart, kind)} />
    </div>
  );
}

function legend(chart, kind) {
  const items = [];
  if (kind === 'cusum_chart')
    items.push(
      { name: 'upper sum', className: 'series series-1', shape: 0 },
      { name: 'lower sum', className: 'series series-3', shape: 1 },
    );
  if (chart.rules.size)
    items.push({ name: 'breaks a rule', className: 'signal-key', shape: 'dot' });
  if (chart.excluded.size)
    items.push({ name: 'left out of the limits', className: 'out', shape: 5 });
  return items;
}

function Inside(p) {
  const { frame, chart, data, from, to, low, high, showZones, xTitle, onView } = p;
  const clip = useClip();
  const x = bandsOver(from, to, [frame.x0, frame.x1]);
  const y = linear([low, high], [frame.y1, frame.y0]);
  const shown = range(from, to);
  const texts = shown.map((i) => chart.labels[i]);
  const step = everyNth(texts, frame.width);
  const ticks = shown
    .filter((i, k) => k % step === 0)
    .map((i) => ({ at: x(i), text: chart.labels[i] }));
  return (
    <>
      <Clip id={clip} />
      <Phases chart={chart} x={x} frame={frame} from={from} to={to} />
      <YAxis scale={y} label={data.y_label} />
      <XAxis ticks={ticks} label={xTitle ?? 'point'} />
      <g clipPath={`url(#${clip})`}>
        {showZones && <Zones chart={chart} x={x} y={y} from={from} to={to} />}
        {chart.limits.map((l) => (
          <LimitLine key={l.key} limit={l} x={x} y={y} />
        ))}
        {chart.series.map((s, k) => (
          <path
            key={s.name}
            className={`line thin ${k ? 'series series-3' : ''}`}
            d={path(shown.map((i) => [x(i), s.values[i] === null ? NaN : y(s.values[i])]))}
          />
        ))}
      </g>
      {showZones && <ZoneNames chart={chart} y={y} frame={frame} to={to} />}
      <EndLabels chart={chart} y={y} frame={frame} to={to} />
      <SignalNames {...p} x={x} y={y} shown={shown} />
      {onView && <Brush x={x} frame={frame} from={from} to={to} onView={onView} />}
      <Points {...p} x={x} y={y} shown={shown} />
    </>
  );
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

function bandsOver(from, to, pixels) {
  const inner = bands(to - from + 1, pixels);
  const scale = (i) => inner(i - from);
  scale.step = inner.step;
  scale.invert = (px) => inner.invert(px) + from;
  return scale;
}

function LimitLine({ limit, x, y }) {
  const half = x.step / 2;
  const corners = runs(limit.values).flatMap(({ from, to, value }) => [
    [x(from) - half, y(value)],
    [x(to) + half, y(value)],
  ]);
  return <path className={`line ${limit.style}`} d={path(corners)} />;
}

function Zones({ chart, x, y, from, to }) {
  const half = x.step / 2;
  return chart.zones.map(({ k, y: values }) => (
    <path
      key={k}
      className="line zone"
      d={path(
        range(from, to).flatMap((i) => [
          [x(i) - half, y(values[i])],
          [x(i) + half, y(values[i])],
        ]),
      )}
    />
  ));
}

function ZoneNames({ chart, y, frame, to }) {
  if (!chart.zones.length) return null;
  const center = chart.limits.find((l) => l.key === 'center').values[to];
  const sigma = (chart.limits.find((l) => l.key === 'ucl').values[to] - center) / 3;
  if (Math.abs(y(center + sigma) - y(center)) < 13) return null;
  return [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map((k) => (
    <text
      key={k}
      x={frame.x0 + 5}
      y={y(center + k * sigma)}
      dy="0.35em"
      className="zone-text"
      aria-hidden="true"
    >
      {'CBA'[Math.floor(Math.abs(k))]}
    </text>
  ));
}

function EndLabels({ chart, y, frame, to }) {
  const items = chart.limits
    .filter((l) => typeof l.values[to] === 'number')
    .map((l) => ({ ...l, y: y(l.values[to]), words: `${l.text} ${short(l.values[to], 5)}` }));
  return spread(items, [frame.y0 + 2, frame.y1]).map((l) => (
    <text
      key={l.key}
      x={frame.x1 + 6}
      y={l.ly}
      dy="0.34em"
      className={`${l.style}-text`}
      aria-hidden="true"
    >
      {l.words}
    </text>
  ));
}

function Phases({ chart, x, frame, from, to }) {
  const half = x.step / 2;
  return chart.phases
    .filter((p) => p.to >= from && p.from <= to)
    .map((p, k) => {
      const left = Math.max(frame.x0, x(p.from) - half);
      const right = Math.min(frame.x1, x(p.to) + half);
      return (
        <g key={p.name + p.from} aria-hidden="true">
          {k % 2 === 0 && (
            <rect
              x={left}
              y={frame.y0}
              width={right - left}
              height={frame.height}
              className="phase-fill"
            />
          )}
          {p.from > from && (
            <line x1={left} x2={left} y1={frame.y0} y2={frame.y1} className="phase-line" />
          )}
          {right - left > textWidth(p.name, 10) + 8 && (
            <text x={left + 5} y={frame.y0 + 11} className="zone-text">
              {p.name}
            </text>
          )}
        </g>
      );
    });
}

function SignalNames({ chart, data, x, y, shown, frame }) {
  const at = (i) => ({ x: x(i), y: y(heightOf(chart, i)) });
  const items = shown
    .filter((i) => chart.rules.has(data.point[i]) && heightOf(chart, i) !== null)
    .map((i) => ({
      ...at(i),
      i,
      text: chart.rules
        .get(data.point[i])
        .map((r) => shortRule(r.rule))
        .join(', '),
    }));
  const marks = shown.length > 200 ? [] : shown.map(at);
  const inside = { x0: frame.x0 + 2, x1: frame.x1 + 6, y0: 0, y1: frame.y1 };
  return placeLabels(items, inside, {
    size: 11,
    marks,
    gap: 13,
    prefer: (c) => c.anchor === 'middle',
  }).map((l) => (
    <g key={l.i} aria-hidden="true">
      {Math.hypot(l.lx - l.x, l.ly - l.y) > 24 && (
        <line x1={l.x} y1={l.y - 5} x2={l.lx} y2={l.ly + 2} className="leader" />
      )}
      <text x={l.lx} y={l.ly} textAnchor={l.anchor} className="mark-text bad-text">
        {l.text}
      </text>
    </g>
  ));
}

/** The points as a list: one stop for Tab, arrows move, Enter or a click selects. */
function Points({ chart, data, x, y, shown, selected, onSelect, from, to, title }) {
  const [active, setActive] = useState(null);
  const group = useRef(null);
  const current =
    active !== null && active >= from && active <= to
      ? active
      : (shown.find((i) => data.point[i] === selected) ?? from);
  const radius = x.step < 5 ? 1.8 : x.step < 9 ? 2.6 : 3.6;
  const focus = (i) => {
    setActive(i);
    group.current.querySelector(`[data-index="${i}"]`)?.focus();
  };
  const onKeyDown = (event) => {
    const signals = shown.filter((i) => chart.rules.has(data.point[i]));
    const target = {
      ArrowRight: Math.min(current + 1, to),
      ArrowLeft: Math.max(current - 1, from),
      Home: from,
      End: to,
      n: signals.find((i) => i > current) ?? signals[0],
      p: signals.findLast((i) => i < current) ?? signals.at(-1),
    }[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect?.(data.point[current]);
    } else if (target !== undefined) {
      event.preventDefault();
      focus(target);
    }
  };
  return (
    <g ref={group} role="listbox" aria-label={`Points of ${title}`} onKeyDown={onKeyDown}>
      {shown.map((i) => {
        const point = data.point[i];
        const value = heightOf(chart, i);
        const rules = chart.rules.get(point);
        const out = chart.excluded.has(point);
        const words = pointWords({
          label: chart.labels[i],
          value,
          rules,
          excluded: out,
          format: (v) => (v === null || v === undefined ? 'missing' : short(v, 6)),
        });
        const cy = value === null || value === undefined ? y.range[0] : y(value);
        return (
          <g
            key={point}
            role="option"
            aria-selected={selected === point}
            aria-label={words}
            tabIndex={i === current ? 0 : -1}
            data-index={i}
            data-point={point}
            className="option"
            onFocus={() => setActive(i)}
            onClick={() => onSelect?.(point)}
          >
            <title>{words}</title>
            <circle
              cx={x(i)}
              cy={cy}
              r={Math.max(8, Math.min(12, x.step / 2))}
              className="hit"
              data-control="hit"
            />
            {chart.series.map((s, k) =>
              typeof s.values[i] !== 'number' ? null : (
                <Dot
                  key={s.name}
                  k={k}
                  x={x(i)}
                  y={y(s.values[i])}
                  r={radius}
                  rules={s.values[i] === value ? rules : null}
                  out={out}
                />
              ),
            )}
            <circle cx={x(i)} cy={cy} r={9} className="focus-ring" data-control="focus" />
          </g>
        );
      })}
    </g>
  );
}

function Dot({ k, x, y, r, rules, out }) {
  return (
    <>
      {rules && <circle cx={x} cy={y} r={r + 3} className="ring" />}
      {k ? (
        <Marker index={1} x={x} y={y} r={r * 0.85} className="series-3" />
      ) : (
        <circle
          cx={x}
          cy={y}
          r={r}
          className={`point ${rules ? 'signal' : ''} ${out ? 'left-out' : ''}`}
        />
      )}
      {out && <Marker index={5} x={x} y={y} r={r + 1.2} className="out" />}
    </>
  );
}

/** Drag over the chart to see a part of it. */
function Brush({ x, frame, from, to, onView }) {
  const [drag, setDrag] = useState(null);
  const place = (event) => {
    const box = event.currentTarget.ownerSVGElement.getBoundingClientRect();
    const px = ((event.clientX - box.left) / box.width) * frame.total.width;
    return Math.min(Math.max(px, frame.x0), frame.x1);
  };
  const finish = () => {
    if (drag && Math.abs(drag.to - drag.from) > 8) {
      const [a, b] = [drag.from, drag.to].sort((u, v) => u - v).map(x.invert);
      const first = Math.max(from, Math.ceil(a));
      const last = Math.min(to, Math.floor(b));
      if (last > first) onView([first, last]);
    }
    setDrag(null);
  };
  return (
    <g data-control="brush" aria-hidden="true">
      <rect
        x={frame.x0}
        y={frame.y0}
        width={frame.width}
        height={frame.height}
        fill="transparent"
        onPointerDown={(event) => {
          if (event.pointerType === 'touch') return; // touch scrolls the page; the buttons zoom
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: place(event), to: place(event) });
        }}
        onPointerMove={(event) => drag && setDrag({ ...drag, to: place(event) })}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(null)}
        onDoubleClick={() => onView(null)}
      />
      {drag && (
        <rect
          className="brush"
          x={Math.min(drag.from, drag.to)}
          y={frame.y0}
          width={Math.abs(drag.to - drag.from)}
          height={frame.height}
        />
      )}
    </g>
  );
}
