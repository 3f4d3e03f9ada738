/** Residual panels; a point and its row in the table below select each other. */
import { useMemo, useRef, useState } from 'react';

import { normalScores } from '../../lib/figures/normal.js';
import { short } from '../../lib/figures/numbers.js';
import { linear, padded, path, reach } from '../../lib/figures/scale.js';
import { Clip, Plot, XAxis, YAxis, useClip, whole } from './Plot.jsx';
import ScrollRegion from './ScrollRegion.jsx';

/** What the panels draw: one entry a run, with its place in each panel. */
export function readResiduals(data) {
  const scaled = data.standardised ?? data.residuals;
  const rows = data.rows ?? data.fitted.map((_, i) => i + 1);
  const order = scaled.map((_, i) => i).sort((a, b) => scaled[a] - scaled[b]);
  const scores = normalScores(scaled.length);
  const rank = new Map(order.map((i, k) => [i, k]));
  const mean = scaled.reduce((a, b) => a + b, 0) / scaled.length;
  const sd = Math.sqrt(
    scaled.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, scaled.length - 1),
  );
  const points = data.fitted.map((fitted, i) => ({
    i,
    row: rows[i],
    fitted,
    residual: data.residuals[i],
    scaled: scaled[i],
    score: scores[rank.get(i)],
    far: Boolean(data.standardised) && Math.abs(scaled[i]) > 3,
  }));
  return { points, mean, sd, name: data.standardised ? 'standardised residual' : 'residual' };
}

export function Residuals({ figure: { data, title } }) {
  const all = useMemo(() => readResiduals(data), [data]);
  const [selected, setSelected] = useState(null);
  const { points, mean, sd, name } = all;
  const counts = useMemo(() => histogram(points.map((p) => p.scaled)), [points]);
  const panels = [
    {
      key: 'fitted',
      title: 'Residuals against fitted',
      xName: 'fitted value',
      x: (p) => p.fitted,
      y: (p) => p.scaled,
      zero: true,
    },
    {
      key: 'normal',
      title: 'Normal probability',
      xName: 'normal quantile',
      x: (p) => p.score,
      y: (p) => p.scaled,
      line: [mean, sd],
    },
    {
      key: 'order',
      title: 'Residuals in row order',
      xName: 'row',
      x: (p) => p.row,
      y: (p) => p.scaled,
      zero: true,
      joined: true,
    },
  ];
  return (
    <div>
      <div className="grid gap-3 sm:grid-cols-2">
        {panels.map((panel) => (
          <Panel
            key={panel.key}
            {...{ panel, points, name, selected }}
            onSelect={setSelected}
            title={title}
          />
        ))}
        <HistogramPanel counts={counts} name={name} title={title} n={points.length} />
      </div>
      <Table
        {...{ points, name, selected }}
        hasScaled={Boolean(data.standardised)}
        onSelect={setSelected}
      />
    </div>
  );
}

function histogram(values) {
  const [low, high] = reach(values);
  const n = Math.min(20, Math.max(5, Math.ceil(Math.log2(values.length) + 1)));
  const width = (high - low) / n || 1;
  const bins = Array.from({ length: n }, (_, i) => ({
    from: low + i * width,
    to: low + (i + 1) * width,
    count: 0,
  }));
  for (const v of values)
    bins[Math.min(n - 1, Math.max(0, Math.floor((v - low) / width)))].count += 1;
  return bins;
}

function Panel({ panel, points, name, selected, onSelect, title }) {
  const group = useRef(null);
  const [active, setActive] = useState(0);
  const clip = useClip();
  const order = [...points].sort((a, b) => panel.x(a) - panel.x(b));
  const move = (event) => {
    const k = { ArrowRight: active + 1, ArrowLeft: active - 1, Home: 0, End: order.length - 1 }[
      event.key
    ];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect(order[active].row === selected ? null : order[active].row);
    } else if (k !== undefined && k >= 0 && k < order.length) {
      event.preventDefault();
      setActive(k);
      group.current.querySelector(`[data-index="${k}"]`)?.focus();
    }
  };
  return (
    <Plot
      label={`${title}: ${panel.title}`}
      title={`${title}: ${panel.title}`}
      height={230}
      interactive
      margin={{ top: 24, left: 52, bottom: 42 }}
    >
      {(f) => {
        const x = linear(padded(reach(points.map(panel.x))), [f.x0, f.x1]);
        const y = linear(padded(reach(points.map(panel.y), panel.zero ? 0 : [])), [f.y1, f.y0]);
        const ends =
          panel.line && x.domain.map((q) => [x(q), y(panel.line[0] + panel.line[1] * q)]);
        return (
          <>
            <text x={f.x0} y={14} className="panel-title">
              {panel.title}
            </text>
            <YAxis scale={y} label={name} />
            <XAxis scale={x} label={panel.xName} />
            {panel.zero && <line x1={f.x0} x2={f.x1} y1={y(0)} y2={y(0)} className="axis-line" />}
            {ends && (
              <>
                <Clip id={clip} />
                <path className="line fit" d={path(ends)} clipPath={`url(#${clip})`} />
              </>
            )}
            {panel.joined && (
              <path
                className="line thin"
                d={path(order.map((p) => [x(panel.x(p)), y(panel.y(p))]))}
              />
            )}
            <g ref={group} role="listbox" aria-label={panel.title} onKeyDown={move}>
              {order.map((p, k) => {
                const words = `row ${p.row}: fitted ${short(p.fitted)}, residual ${short(p.residual)}`;
                return (
                  <g
                    key={p.i}
                    role="option"
                    aria-selected={p.row === selected}
                    aria-label={words}
                    tabIndex={k === active ? 0 : -1}
                    data-index={k}
                    className="option"
                    onFocus={() => setActive(k)}
                    onClick={() => onSelect(p.row === selected ? null : p.row)}
                  >
                    <title>{words}</title>
                    <circle
                      cx={x(panel.x(p))}
                      cy={y(panel.y(p))}
                      r="9"
                      className="hit"
                      data-control="hit"
                    />
                    <circle
                      cx={x(panel.x(p))}
                      cy={y(panel.y(p))}
                      r={p.row === selected ? 5.5 : 3.6}
                      className={p.row === selected || p.far ? 'dot strong' : 'dot'}
                    />
                    {p.far && (
                      <circle cx={x(panel.x(p))} cy={y(panel.y(p))} r="7" className="ring" />
                    )}
                    <circle
                      cx={x(panel.x(p))}
                      cy={y(panel.y(p))}
                      r="9"
                      className="focus-ring"
                      data-control="focus"
                    />
                  </g>
                );
              })}
            </g>
            {points
              .filter((p) => p.far || p.row === selected)
              .map((p) => (
                <text
                  key={p.i}
                  x={x(panel.x(p)) + (x(panel.x(p)) > f.x1 - 60 ? -10 : 10)}
                  y={y(panel.y(p))}
                  dy="0.34em"
                  textAnchor={x(panel.x(p)) > f.x1 - 60 ? 'end' : 'start'}
                  className="mark-text"
                  aria-hidden="true"
                >
                  row {p.row}
                </text>
              ))}
          </>
        );
      }}
    </Plot>
  );
}

function HistogramPanel({ counts, name, title, n }) {
  return (
    <Plot
      label={`${title}: histogram of ${n} residuals`}
      title={`${title}: histogram`}
      height={230}
      margin={{ top: 24, left: 52, bottom: 42 }}
    >
      {(f) => {
        const x = linear(padded([counts[0].from, counts.at(-1).to], 0.03), [f.x0, f.x1]);
        const y = linear([0, Math.max(...counts.map((c) => c.count)) * 1.08], [f.y1, f.y0]);
        return (
          <>
            <text x={f.x0} y={14} className="panel-title">
              Histogram
            </text>
            <YAxis scale={whole(y)} label="count" />
            {counts.map((c) => (
              <rect
                key={c.from}
                x={x(c.from)}
                width={Math.max(0, x(c.to) - x(c.from))}
                y={y(c.count)}
                height={y(0) - y(c.count)}
                className="bar"
              >
                <title>{`${short(c.from)} to ${short(c.to)}: ${c.count}`}</title>
              </rect>
            ))}
            <XAxis scale={x} label={name} />
          </>
        );
      }}
    </Plot>
  );
}

function Table({ points, name, selected, hasScaled, onSelect }) {
  const row = points.find((p) => p.row === selected);
  return (
    <details className="mt-2 text-sm" open={row ? true : undefined}>
      <summary className="font-medium">
        Residuals by row{row ? ` (row ${row.row} selected)` : ''}
      </summary>
      <ScrollRegion label="Residuals by row" className="mt-1 max-h-64">
        <table className="w-full border-collapse text-right tabular-nums">
          <thead>
            <tr className="text-muted">
              {['row', 'fitted', 'residual', ...(hasScaled ? [name] : [])].map((h) => (
                <th
                  key={h}
                  scope="col"
                  className="sticky top-0 bg-raised px-2 py-1 text-right font-medium"
                >
                  {h}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.map((p) => (
              <tr key={p.i} className={p.row === selected ? 'bg-accent-soft' : ''}>
                <th scope="row" className="px-2 py-0.5 text-right font-normal">
                  <button
                    type="button"
                    aria-pressed={p.row === selected}
                    className="text-accent underline"
                    onClick={() => onSelect(p.row === selected ? null : p.row)}
                  >
                    {p.row}
                  </button>
                </th>
                <td className="px-2 py-0.5">{short(p.fitted, 6)}</td>
                <td className="px-2 py-0.5">{short(p.residual, 4)}</td>
                {hasScaled && (
                  <td className={`px-2 py-0.5 ${p.far ? 'font-semibold text-bad' : ''}`}>
                    {short(p.scaled, 4)}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}
