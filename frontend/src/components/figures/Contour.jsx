/** A fitted surface: filled contours with the runs and the stationary point, and beside it the surface in 3D. */
import { Suspense, lazy, useId, useMemo, useState } from 'react';

import { placeLabels, textWidth } from '../../lib/figures/labels.js';
import { short } from '../../lib/figures/numbers.js';
import { linear } from '../../lib/figures/scale.js';
import { colour, css, filled, heightAt, heightsOf, levelsOf } from '../../lib/figures/surface.js';
import { Button, Waiting } from '../ui.jsx';
import { Clip, Legend, Plot, XAxis, YAxis, useClip } from './Plot.jsx';

const Surface3D = lazy(() => import('./Surface3D.jsx'));

export function Contour({ figure }) {
  const { data, title } = figure;
  const [place, setPlace] = useState(() => start(data));
  const [solid, setSolid] = useState(figure.kind === 'surface');
  const height = heightAt(data, place.x, place.y);
  const held = Object.entries(data.held ?? {});
  const star = Array.isArray(data.stationary) && inGrid(data, data.stationary);
  return (
    <div>
      {held.length > 0 && (
        <p className="text-xs text-ink-2">
          at {held.map(([k, v]) => `${k} = ${typeof v === 'number' ? short(v) : v}`).join(', ')}
        </p>
      )}
      <div className={solid ? 'grid gap-3 md:grid-cols-2' : 'max-w-2xl'}>
        <div>
          <Flat data={data} title={title} place={place} onPlace={setPlace} />
          <Legend
            items={[
              ...(star
                ? [
                    {
                      name: `stationary point (${data.stationary.map((v) => short(v)).join('; ')})`,
                      className: 'line fit',
                      shape: 'dot',
                    },
                  ]
                : []),
              ...(data.points ? [{ name: 'runs', className: 'run-dot', shape: 'dot' }] : []),
            ]}
          />
        </div>
        {solid && (
          <Suspense fallback={<Waiting label="Loading the surface" />}>
            <Surface3D data={data} title={title} place={place} />
          </Suspense>
        )}
      </div>
      <Cursor data={data} place={place} height={height} onPlace={setPlace} />
      <Button className="mt-2" aria-pressed={solid} onClick={() => setSolid(!solid)}>
        {solid ? 'Hide the 3D surface' : 'Show the 3D surface'}
      </Button>
      {Array.isArray(data.stationary) && !star && (
        <p className="mt-1 text-xs text-muted">
          The stationary point ({data.stationary.map((v) => short(v)).join('; ')}) lies outside this
          region.
        </p>
      )}
    </div>
  );
}

const between = (values, v) =>
  v >= Math.min(values[0], values.at(-1)) && v <= Math.max(values[0], values.at(-1));
const inGrid = (data, [a, b]) => between(data.x, a) && between(data.y, b);

function start(data) {
  if (Array.isArray(data.stationary) && inGrid(data, data.stationary))
    return { x: data.stationary[0], y: data.stationary[1] };
  const middle = (v) => (v[0] + v.at(-1)) / 2;
  return { x: middle(data.x), y: middle(data.y) };
}

/** Sliders that read the surface at any setting; the same by keyboard as by pointing. */
function Cursor({ data, place, height, onPlace }) {
  const id = useId();
  const axes = [
    ['x', data.x_name, data.x],
    ['y', data.y_name, data.y],
  ];
  return (
    <div className="mt-2 grid max-w-2xl gap-x-4 gap-y-1 text-sm sm:grid-cols-[1fr_1fr_auto] sm:items-end">
      {axes.map(([key, name, values]) => {
        const low = Math.min(values[0], values.at(-1));
        const high = Math.max(values[0], values.at(-1));
        return (
          <label key={key} htmlFor={id + key} className="flex flex-col text-ink-2">
            <span>
              {name}: <span className="tabular-nums">{short(place[key])}</span>
            </span>
            <input
              id={id + key}
              type="range"
              min={low}
              max={high}
              step={(high - low) / 200}
              value={place[key]}
              aria-valuetext={`${short(place[key])}, ${data.z_name ?? 'response'} ${short(height)}`}
              onChange={(event) => onPlace({ ...place, [key]: Number(event.target.value) })}
            />
          </label>
        );
      })}
      <output htmlFor={`${id}x ${id}y`} className="font-medium tabular-nums">
        {data.z_name ?? 'response'} ≈ {short(height, 5)}
      </output>
    </div>
  );
}

function Flat({ data, title, place, onPlace }) {
  const clip = useClip();
  const levels = useMemo(() => levelsOf(data.z), [data]);
  const [low, high] = heightsOf(data.z);
  const bounds = [low, ...levels, high];
  const shade = (i) => css(colour(levels.length ? i / levels.length : 0.5));
  const keyWidth = Math.max(...bounds.map((v) => textWidth(short(v), 11))) + 40;
  return (
    <Plot
      title={title}
      label={`${title}: contours from ${short(low)} to ${short(high)}`}
      height={(w) => Math.min(400, Math.max(280, w * 0.62))}
      margin={{ right: keyWidth }}
    >
      {(f) => {
        const x = linear([data.x[0], data.x.at(-1)], [f.x0, f.x1]);
        const y = linear([data.y[0], data.y.at(-1)], [f.y1, f.y0]);
        const parts = filled(data, levels, x, y);
        const names = placeLabels(
          parts.flatMap((p) => middleOf(p.lines).map((at) => ({ ...at, text: short(p.level) }))),
          { x0: f.x0 + 3, x1: f.x1 - 3, y0: f.y0 + 3, y1: f.y1 - 3 },
          { gap: 0, prefer: (c) => c.anchor === 'middle' },
        );
        const read = (event) => {
          const box = event.currentTarget.ownerSVGElement.getBoundingClientRect();
          const px = ((event.clientX - box.left) / box.width) * f.total.width;
          const py = ((event.clientY - box.top) / box.height) * f.total.height;
          onPlace({ x: x.invert(px), y: y.invert(py) });
        };
        return (
          <>
            <Clip id={clip} />
            <g clipPath={`url(#${clip})`}>
              <rect x={f.x0} y={f.y0} width={f.width} height={f.height} fill={shade(0)} />
              {parts.map((p, i) => (
                <path key={p.level} d={p.d} fill={shade(i + 1)} />
              ))}
              {parts.flatMap((p) =>
                p.lines.map((line, k) => (
                  <path
                    key={`${p.level}.${k}`}
                    className="contour-line"
                    d={`M${line.map((q) => q.map((v) => v.toFixed(1)).join(',')).join('L')}`}
                  />
                )),
              )}
              {(data.points ?? []).map(([a, b], i) => (
                <circle key={i} cx={x(a)} cy={y(b)} r="3.6" className="run-dot" />
              ))}
            </g>
            {names.map((l, i) => (
              <text key={i} x={l.lx} y={l.ly} textAnchor={l.anchor} className="contour-text">
                {l.text}
              </text>
            ))}
            {Array.isArray(data.stationary) && inGrid(data, data.stationary) && (
              <Star x={x(data.stationary[0])} y={y(data.stationary[1])} />
            )}
            <g data-control="cursor">
              <path
                className="cross"
                d={`M${x(place.x)},${f.y0}V${f.y1}M${f.x0},${y(place.y)}H${f.x1}`}
              />
              <rect
                x={f.x0}
                y={f.y0}
                width={f.width}
                height={f.height}
                fill="transparent"
                onClick={read}
              />
            </g>
            <XAxis scale={x} label={data.x_name} />
            <YAxis scale={y} label={data.y_name} grid={false} />
            <Key {...{ f, bounds, shade }} />
          </>
        );
      }}
    </Plot>
  );
}

/** A place for a level's name: the middle of its longest line. */
function middleOf(lines) {
  const longest = lines.reduce((a, b) => (b.length > (a?.length ?? 0) ? b : a), null);
  if (!longest || longest.length < 4) return [];
  const [px, py] = longest[Math.floor(longest.length / 2)];
  return [{ x: px, y: py + 2 }];
}

function Star({ x, y }) {
  const corners = Array.from({ length: 10 }, (_, i) => {
    const r = i % 2 ? 4 : 9;
    const a = (Math.PI * i) / 5 - Math.PI / 2;
    return `${x + r * Math.cos(a)},${y + r * Math.sin(a)}`;
  });
  return <path className="star" d={`M${corners.join('L')}Z`} />;
}

/** The colour key: one box a level, its bounds beside it. */
function Key({ f, bounds, shade }) {
  const n = bounds.length - 1;
  const step = f.height / n;
  const x = f.x1 + 10;
  const each = Math.ceil(13 / step);
  return (
    <g aria-hidden="true">
      {Array.from({ length: n }, (_, i) => (
        <rect
          key={i}
          x={x}
          width="14"
          y={f.y1 - (i + 1) * step}
          height={step + 0.5}
          fill={shade(i)}
        />
      ))}
      {bounds.map((v, i) =>
        i > 0 && i < n && i % each === 0 ? (
          <text key={i} x={x + 18} y={f.y1 - i * step} dy="0.34em" className="tick-text">
            {short(v)}
          </text>
        ) : null,
      )}
    </g>
  );
}
