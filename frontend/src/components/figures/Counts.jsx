/** Bars, mosaics and matrices: counts, shares and correlations. */
import { textWidth, wrap } from '../../lib/figures/labels.js';
import { short } from '../../lib/figures/numbers.js';
import { bands, linear } from '../../lib/figures/scale.js';
import { colour, css, isLight } from '../../lib/figures/surface.js';
import { Legend, Plot, XAxis, YAxis, bottomRoom, namedTicks, series } from './Plot.jsx';

function GroupedBars({ title, label, names, groups, yName, top, bottom = 0, format = short }) {
  return (
    <>
      <Plot
        title={title}
        label={label}
        margin={(w) => ({ bottom: bottomRoom(names, w - 72) - 12 })}
      >
        {(f) => {
          const x = bands(names.length, [f.x0, f.x1], 0.25);
          const y = linear([bottom, top], [f.y1, f.y0]);
          const w = x.width / groups.length;
          return (
            <>
              <YAxis scale={y} label={yName} />
              {groups.map((g, k) =>
                g.values.map((v, i) =>
                  typeof v !== 'number' ? null : (
                    <rect
                      key={`${k}.${i}`}
                      x={x(i) - x.width / 2 + k * w + 0.5}
                      width={Math.max(1, w - 1)}
                      y={y(Math.max(v, 0))}
                      height={Math.abs(y(v) - y(0))}
                      className={series(k)}
                    >
                      <title>{`${names[i]}, ${g.name}: ${format(v)}`}</title>
                    </rect>
                  ),
                ),
              )}
              <XAxis {...namedTicks(names, x, f.width)} />
            </>
          );
        }}
      </Plot>
      <Legend
        items={groups.map((g, k) => ({ name: g.name, className: series(k), shape: 'box' }))}
      />
    </>
  );
}

export function BarPairs({ figure: { data, title } }) {
  const groups = ['observed', 'expected']
    .filter((k) => Array.isArray(data[k]))
    .map((name) => ({ name, values: data[name] }));
  const names = (data.labels ?? groups[0].values.map((_, i) => i + 1)).map(String);
  const top = Math.max(...groups.flatMap((g) => g.values)) * 1.08;
  return (
    <GroupedBars
      {...{ title, names, groups, top }}
      label={`${title}: ${names.length} categories`}
      yName="count"
    />
  );
}

export function VarianceComponents({ figure: { data, title } }) {
  const words = {
    contribution: '% contribution',
    study_variation: '% study variation',
    tolerance: '% tolerance',
  };
  const groups = Object.keys(words)
    .filter((k) => Array.isArray(data[k]) && data[k].some((v) => typeof v === 'number'))
    .map((k) => ({ name: words[k], values: data[k] }));
  const names = data.source.map(String);
  const values = groups.flatMap((g) => g.values).filter((v) => typeof v === 'number');
  const label = `${title}: ${names.map((n, i) => `${n} ${short(groups[0]?.values[i], 3)} %`).join(', ')}`;
  return (
    <GroupedBars
      {...{ title, names, groups, label }}
      top={Math.max(100, ...values) * 1.04}
      yName="percent"
    />
  );
}

export function Mosaic({ figure: { data, title } }) {
  const sums = data.counts.map((r) => r.reduce((a, b) => a + b, 0));
  const total = sums.reduce((a, b) => a + b, 0);
  return (
    <>
      <Plot
        title={title}
        label={`${title}: ${data.rows.length} by ${data.columns.length} table of ${total}`}
      >
        {(f) => {
          const y = linear([0, 1], [f.y1, f.y0]);
          let left = f.x0;
          const widths = sums.map((s) => (s / total) * f.width);
          return (
            <>
              <YAxis scale={y} label="share" grid={false} />
              {data.counts.map((row, i) => {
                const x = left;
                left += widths[i];
                return (
                  <Column
                    key={i}
                    {...{ row, data, x, y }}
                    sum={sums[i]}
                    name={String(data.rows[i])}
                    width={widths[i]}
                    bottom={f.y1}
                  />
                );
              })}
            </>
          );
        }}
      </Plot>
      <Legend
        items={data.columns.map((c, k) => ({
          name: String(c),
          className: series(k),
          shape: 'box',
        }))}
      />
    </>
  );
}

function Column({ row, data, sum, name, x, y, width, bottom }) {
  let from = 0;
  return (
    <g>
      {row.map((v, j) => {
        const share = sum ? v / sum : 0;
        const top = y(from + share);
        const height = y(from) - top;
        from += share;
        return (
          <g key={j}>
            <rect
              x={x + 1}
              width={Math.max(1, width - 2)}
              y={top}
              height={height}
              className={series(j)}
            >
              <title>{`${name}, ${data.columns[j]}: ${v} (${short(100 * share, 3)} %)`}</title>
            </rect>
            {height > 16 && width > textWidth(short(v), 11) + 8 && (
              <text
                x={x + width / 2}
                y={top + height / 2}
                dy="0.35em"
                textAnchor="middle"
                className="mark-text"
              >
                {short(v)}
              </text>
            )}
          </g>
        );
      })}
      {wrap(name, Math.max(3, Math.floor(width / 6.2))).map((line, k) => (
        <text
          key={k}
          x={x + width / 2}
          y={bottom + 15 + 12 * k}
          textAnchor="middle"
          className="tick-text"
        >
          {line}
        </text>
      ))}
    </g>
  );
}

/** Correlations in cividis; the numbers stand in the cells where they have room. */
export function Matrix({ figure: { data, title } }) {
  const values = data.matrix ?? data.values;
  const names = (data.names ?? data.labels).map(String);
  const n = names.length;
  const side = Math.min(110, Math.max(...names.map((t) => textWidth(t, 11))) + 12);
  return (
    <>
      <Plot
        title={title}
        label={`${title}: ${n} by ${n}`}
        height={Math.min(560, Math.max(180, n * 34) + side * 0.8 + 12)}
        margin={{ left: side, right: 12, top: 8, bottom: Math.max(26, side * 0.8) }}
      >
        {(f) => {
          const size = Math.min(f.width / n, f.height / n);
          const wide = Math.min(f.width / n, size * 2.2);
          const numbers = size > 15 && wide > 30;
          return (
            <>
              {values.map((row, i) =>
                row.map((v, j) => {
                  const rgb = colour(Math.abs(v ?? 0));
                  return (
                    <g key={`${i}.${j}`}>
                      <rect
                        x={f.x0 + j * wide}
                        y={f.y0 + i * size}
                        width={wide}
                        height={size}
                        fill={css(rgb)}
                        className="cell-line"
                      >
                        <title>{`${names[i]}, ${names[j]}: ${short(v, 3)}`}</title>
                      </rect>
                      {numbers && (
                        <text
                          x={f.x0 + (j + 0.5) * wide}
                          y={f.y0 + (i + 0.5) * size}
                          dy="0.35em"
                          textAnchor="middle"
                          className={isLight(rgb) ? 'cell-dark' : 'cell-light'}
                        >
                          {v === null ? '–' : short(Number(v.toFixed(2)))}
                        </text>
                      )}
                    </g>
                  );
                }),
              )}
              {names.map((name, i) => (
                <text
                  key={`y${name}`}
                  x={f.x0 - 6}
                  y={f.y0 + (i + 0.5) * size}
                  dy="0.35em"
                  textAnchor="end"
                  className="tick-text"
                >
                  {name.length > 17 ? `${name.slice(0, 16)}…` : name}
                </text>
              ))}
              <ColumnNames {...{ names, f, size, wide, n }} />
            </>
          );
        }}
      </Plot>
      <p className="text-xs text-muted">
        Colour shows the absolute correlation, from 0 (dark blue) to 1 (yellow).
      </p>
    </>
  );
}

function ColumnNames({ names, f, size, wide, n }) {
  const y = f.y0 + n * size + 14;
  const straight = names.every((t) => textWidth(t, 11) < wide - 4);
  return names.map((name, j) => {
    const x = f.x0 + (j + 0.5) * wide;
    return (
      <text
        key={`x${name}`}
        x={x}
        y={y}
        textAnchor={straight ? 'middle' : 'end'}
        transform={straight ? undefined : `rotate(-40 ${x} ${y})`}
        className="tick-text"
      >
        {name.length > 17 ? `${name.slice(0, 16)}…` : name}
      </text>
    );
  });
}
