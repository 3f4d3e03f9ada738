/** The frame of every chart: an SVG as wide as its place, axes with ticks, grid and titles. */
import { createContext, useContext, useEffect, useId, useRef, useState } from 'react';

import { everyNth, textWidth, wrap } from '../../lib/figures/labels.js';
import { tickTexts, short } from '../../lib/figures/numbers.js';

const FALLBACK = 640; // where there is no layout
const PlotContext = createContext(null);

/** The inner width of an element, kept current. */
export function useWidth(fixed) {
  const ref = useRef(null);
  const [width, setWidth] = useState(fixed ?? FALLBACK);
  useEffect(() => {
    if (fixed || typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const w = Math.round(entry.contentRect.width);
      if (w > 0) setWidth(w);
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [fixed]);
  return [ref, width];
}

const MARGIN = { top: 12, right: 14, bottom: 44, left: 58 };

/**
 * A chart's SVG. `children` is a function of the inner frame `{x0, x1, y0, y1, width}`.
 *
 * @param label what the chart shows, in one sentence
 * @param height in pixels, or a function of the width
 * @param interactive points inside can be reached by keyboard (else it is one picture)
 */
export function Plot({
  label,
  height: wanted = 320,
  margin,
  interactive,
  title,
  children,
  ...rest
}) {
  const [ref, width] = useWidth();
  const height = typeof wanted === 'function' ? wanted(width) : wanted;
  const m = { ...MARGIN, ...(typeof margin === 'function' ? margin(width) : margin) };
  const frame = {
    x0: m.left,
    x1: Math.max(m.left + 40, width - m.right),
    y0: m.top,
    y1: height - m.bottom,
  };
  frame.width = frame.x1 - frame.x0;
  frame.height = frame.y1 - frame.y0;
  const full = { ...frame, total: { width, height } };
  return (
    <div ref={ref} className="chart">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role={interactive ? 'group' : 'img'}
        aria-label={label}
        className="chart-svg"
        data-title={title}
        {...rest}
      >
        <PlotContext value={full}>{children(full)}</PlotContext>
      </svg>
    </div>
  );
}

export const useFrame = () => useContext(PlotContext);

/** Evenly spread ticks that have room on an axis of `pixels`. */
export const tickCount = (pixels, room) => Math.max(2, Math.floor(pixels / room));

/** A horizontal axis. `ticks` are `{at, text}` in pixels, or come from the scale. */
export function XAxis({ scale, label, ticks, grid = false, at, rotate = false }) {
  const frame = useFrame();
  const y = at ?? frame.y1;
  const marks = ticks ?? scaleTicks(scale, tickCount(frame.width, 62), frame.width);
  const deep = depth(marks, rotate);
  return (
    <g aria-hidden="true">
      <line x1={frame.x0} x2={frame.x1} y1={y} y2={y} className="axis-line" />
      {marks.map(({ at: x, text, lines = [text] }, i) => (
        <g key={i}>
          {grid && <line x1={x} x2={x} y1={frame.y0} y2={y} className="grid-line" />}
          <line x1={x} x2={x} y1={y} y2={y + 4} className="axis-line" />
          {rotate ? (
            <text
              x={x}
              y={y + 12}
              textAnchor="end"
              transform={`rotate(-40 ${x} ${y + 12})`}
              className="tick-text"
            >
              {text}
            </text>
          ) : (
            lines.map((line, k) => (
              <text key={k} x={x} y={y + 17 + 13 * k} textAnchor="middle" className="tick-text">
                {line}
              </text>
            ))
          )}
        </g>
      ))}
      {label && (
        <text
          x={(frame.x0 + frame.x1) / 2}
          y={y + deep + 18}
          textAnchor="middle"
          className="axis-title"
        >
          {label}
        </text>
      )}
    </g>
  );
}

/** A vertical axis with its title turned. */
export function YAxis({ scale, label, ticks, grid = true }) {
  const frame = useFrame();
  const marks = ticks ?? scaleTicks(scale, tickCount(frame.height, 44));
  const mid = (frame.y0 + frame.y1) / 2;
  return (
    <g aria-hidden="true">
      {marks.map(({ at: y, text }, i) => (
        <g key={i}>
          {grid && <line x1={frame.x0} x2={frame.x1} y1={y} y2={y} className="grid-line" />}
          <text x={frame.x0 - 7} y={y} dy="0.34em" textAnchor="end" className="tick-text">
            {text}
          </text>
        </g>
      ))}
      <line x1={frame.x0} x2={frame.x0} y1={frame.y0} y2={frame.y1} className="axis-line" />
      {label && (
        <text
          x={13}
          y={mid}
          textAnchor="middle"
          transform={`rotate(-90 13 ${mid})`}
          className="axis-title"
        >
          {label}
        </text>
      )}
    </g>
  );
}

/** Ticks of a scale as `{at, text}`. */
export function scaleTicks(scale, count, width) {
  let values = scale.ticks(count);
  let texts = scale.log ? values.map((v) => short(v, 3)) : tickTexts(values);
  for (let less = count - 1; width && less >= 2 && crowded(values, texts, scale); less -= 1) {
    values = scale.ticks(less);
    texts = scale.log ? values.map((v) => short(v, 3)) : tickTexts(values);
  }
  return values.map((v, i) => ({ at: scale(v), text: texts[i] }));
}

const crowded = (values, texts, scale) =>
  values.some(
    (v, i) =>
      i > 0 &&
      Math.abs(scale(v) - scale(values[i - 1])) <
        (textWidth(texts[i]) + textWidth(texts[i - 1])) / 2 + 8,
  );

/**
 * Ticks of named places: on up to three lines where they have room, else turned, else every n-th.
 */
export function namedTicks(names, place, width) {
  const texts = names.map((n) => String(n));
  const room = width / Math.max(1, texts.length);
  const words = texts.some((t) => Number.isNaN(Number(t)));
  if (words) {
    const lines = texts.map((t) => wrap(t, Math.max(4, Math.floor((room - 4) / 6.2)), 3));
    const fits = lines.every((l, i) => l.join(' ') === texts[i].trim().replace(/\s+/g, ' '));
    if (fits)
      return {
        ticks: lines.map((l, i) => ({ at: place(i), text: texts[i], lines: l })),
        rotate: false,
      };
  }
  const cut = texts.map((t) => (t.length > 22 ? `${t.slice(0, 21)}…` : t));
  const straight = everyNth(cut, width);
  const rotate = straight > 1 && words;
  const n = rotate ? Math.max(1, Math.ceil((16 * cut.length) / width)) : straight;
  const ticks = cut.map((text, i) => ({ at: place(i), text })).filter((_, i) => i % n === 0);
  return { ticks, rotate };
}

/** Room under an axis of names, with its title. */
export const bottomRoom = (names, width) => {
  const { rotate, ticks } = namedTicks(names, (i) => i, width);
  return depth(ticks, rotate) + 26;
};

/** How deep tick texts reach under the axis. */
const depth = (ticks, rotate) =>
  rotate
    ? Math.min(90, Math.max(0, ...ticks.map((t) => textWidth(t.text, 11))) * 0.72 + 16)
    : 5 + 13 * Math.max(1, ...ticks.map((t) => t.lines?.length ?? 1));

/** Room left of an axis for its tick texts. */
export const leftRoom = (texts, title = true, most = 170) =>
  Math.min(most, Math.max(20, ...texts.map((t) => textWidth(t, 11)))) + (title ? 30 : 14);

/** What the colours and lines mean: `[{name, mark}]`, mark a class and a shape. */
export function Legend({ items }) {
  if (!items.length) return null;
  return (
    <ul className="chart-legend">
      {items.map(({ name, className, shape = 'line' }) => (
        <li key={name}>
          <svg width="22" height="12" aria-hidden="true">
            {shape === 'line' && <line x1="1" x2="21" y1="6" y2="6" className={className} />}
            {shape === 'dot' && <circle cx="11" cy="6" r="3.6" className={className} />}
            {shape === 'box' && <rect x="4" y="1.5" width="14" height="9" className={className} />}
            {typeof shape === 'number' && (
              <>
                <line x1="1" x2="21" y1="6" y2="6" className={className} />
                <Marker index={shape} x={11} y={6} className={className} />
              </>
            )}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

const SHAPES = [
  (x, y, r) => `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`,
  (x, y, r) => `M${x - r},${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`,
  (x, y, r) => `M${x},${y - r * 1.3}L${x + r * 1.3},${y}L${x},${y + r * 1.3}L${x - r * 1.3},${y}Z`,
  (x, y, r) => `M${x},${y - r * 1.2}L${x + r * 1.15},${y + r * 0.9}H${x - r * 1.15}Z`,
  (x, y, r) => `M${x},${y + r * 1.2}L${x + r * 1.15},${y - r * 0.9}H${x - r * 1.15}Z`,
  (x, y, r) => `M${x - r},${y - r}L${x + r},${y + r}M${x - r},${y + r}L${x + r},${y - r}`,
];

/** A mark whose shape tells series apart without colour. */
export function Marker({ index = 0, x, y, r = 3.6, className = '', ...rest }) {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return null;
  return (
    <path d={SHAPES[index % SHAPES.length](x, y, r)} className={`marker ${className}`} {...rest} />
  );
}

/** A clip for marks that may leave the frame; returns the id to name. */
export function Clip({ id }) {
  const { x0, y0, width, height } = useFrame();
  return (
    <clipPath id={id}>
      <rect x={x0} y={y0 - 2} width={width} height={height + 4} />
    </clipPath>
  );
}

export const useClip = () => `clip-${useId().replace(/[^\w-]/g, '')}`;

/** Class of the n-th series. */
export const series = (i) => `series-${(i % 6) + 1}`;

/** A scale whose ticks are whole numbers: for counts. */
export function whole(scale) {
  const only = (n) => scale.ticks(n).filter(Number.isInteger);
  return Object.assign((v) => scale(v), scale, { ticks: only });
}
