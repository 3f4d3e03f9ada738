/** Which effects matter: half-normal plot and Pareto chart. */
import { placeLabels, textWidth } from '../../lib/figures/labels.js';
import { short } from '../../lib/figures/numbers.js';
import { linear } from '../../lib/figures/scale.js';
import { Legend, Plot, XAxis, YAxis } from './Plot.jsx';

const MOST = 30;

export function HalfNormal({ figure: { data, title } }) {
  const { quantiles: q, absolute_effects: effects, names } = data;
  const me = typeof data.me === 'number' ? data.me : null;
  const large = (i) => me !== null && effects[i] > me;
  const active = names.filter((_, i) => large(i));
  const top =
    Math.max(...effects, me !== null && me < 1.6 * Math.max(...effects) ? me : 0) * 1.1 || 1;
  const order = effects.map((_, i) => i).sort((a, b) => effects[b] - effects[a]);
  const toName = active.length ? order.filter(large) : order.slice(0, 3);
  return (
    <>
      <Plot
        title={title}
        label={`${title}: ${names.length} effects, ${active.length ? `beyond the margin of error: ${active.join(', ')}` : 'none beyond the margin of error'}`}
        height={340}
      >
        {(f) => {
          const x = linear([0, Math.max(...q) * 1.12], [f.x0, f.x1]);
          const y = linear([0, top], [f.y1, f.y0]);
          const marks = q.map((v, i) => ({ x: x(v), y: y(effects[i]) }));
          const placed = placeLabels(
            toName.map((i) => ({ ...marks[i], text: String(names[i]) })),
            { x0: f.x0, x1: f.total.width - 2, y0: 0, y1: f.y1 },
            { marks, gap: 8 },
          );
          const reach = data.pse ? Math.min(Math.max(...q), top / data.pse) : 0;
          return (
            <>
              <YAxis scale={y} label="absolute effect" />
              <XAxis scale={x} label="half-normal quantile" />
              {data.pse > 0 && (
                <line
                  x1={x(0)}
                  y1={y(0)}
                  x2={x(reach)}
                  y2={y(data.pse * reach)}
                  className="line ink dashed"
                />
              )}
              {me !== null && me <= top && (
                <line x1={f.x0} x2={f.x1} y1={y(me)} y2={y(me)} className="line limit" />
              )}
              {marks.map((m, i) => (
                <circle
                  key={i}
                  cx={m.x}
                  cy={m.y}
                  r={large(i) ? 5 : 4}
                  className={large(i) ? 'dot strong' : 'dot'}
                >
                  <title>{`${names[i]}: ${short(effects[i])}`}</title>
                </circle>
              ))}
              {placed.map((l) => (
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
          ...(data.pse > 0
            ? [
                {
                  name: `line of the pseudo standard error, ${short(data.pse)}`,
                  className: 'line ink dashed',
                },
              ]
            : []),
          ...(me === null
            ? []
            : [
                {
                  name: `margin of error, ${short(me)}${me > top ? ' (above the chart)' : ''}`,
                  className: 'line limit',
                },
              ]),
        ]}
      />
    </>
  );
}

export function Pareto({ figure: { data, title } }) {
  const order = data.values
    .map((_, i) => i)
    .sort((a, b) => Math.abs(data.values[b]) - Math.abs(data.values[a]));
  const shown = order.slice(0, MOST);
  const values = shown.map((i) => Math.abs(data.values[i]));
  const names = shown.map((i) => String(data.names[i]));
  const limits = [
    ['me', 'ME', 'line limit'],
    ['sme', 'SME', 'line ink dashed'],
  ].filter(([k]) => typeof data[k] === 'number');
  const largest = Math.max(...values);
  const seen = limits.filter(([k]) => data[k] <= largest * 1.6);
  const top = Math.max(largest, ...seen.map(([k]) => data[k])) * 1.06;
  const bar = names.length > 16 ? 15 : 22;
  const left = Math.min(150, Math.max(...names.map((n) => textWidth(n, 11))) + 16);
  return (
    <>
      <Plot
        title={title}
        label={`${title}: ${names.map((n, i) => `${n} ${short(values[i], 3)}`).join(', ')}`}
        height={names.length * bar + 62}
        margin={{ left, right: data.cumulative ? 84 : 44 }}
      >
        {(f) => {
          const x = linear([0, top], [f.x0, f.x1]);
          return (
            <>
              <XAxis scale={x} label={data.x_label ?? 'absolute effect'} grid />
              {names.map((n, i) => {
                const y = f.y0 + i * bar;
                const strong = typeof data.me === 'number' && values[i] > data.me;
                return (
                  <g key={n + i}>
                    <text
                      x={f.x0 - 6}
                      y={y + bar / 2}
                      dy="0.34em"
                      textAnchor="end"
                      className="tick-text"
                    >
                      {n.length > 22 ? `${n.slice(0, 21)}…` : n}
                    </text>
                    <rect
                      x={f.x0}
                      y={y + 2}
                      width={x(values[i]) - f.x0}
                      height={bar - 4}
                      className={strong ? 'bar strong' : 'bar'}
                    >
                      <title>{`${n}: ${short(data.values[shown[i]])}`}</title>
                    </rect>
                    <text x={x(values[i]) + 4} y={y + bar / 2} dy="0.34em" className="mark-text">
                      {short(values[i], 3)}
                      {data.cumulative && `, ${data.cumulative[shown[i]].toFixed(0)} %`}
                    </text>
                  </g>
                );
              })}
              {seen.map(([k, , className]) => (
                <line
                  key={k}
                  x1={x(data[k])}
                  x2={x(data[k])}
                  y1={f.y0}
                  y2={f.y1}
                  className={className}
                />
              ))}
            </>
          );
        }}
      </Plot>
      <Legend
        items={limits.map(([k, name, className]) => ({
          name: `${name === 'ME' ? 'margin of error' : 'simultaneous margin of error'}, ${short(data[k])}${seen.some(([s]) => s === k) ? '' : ' (beyond the chart)'}`,
          className,
        }))}
      />
      {order.length > MOST && (
        <p className="text-xs text-muted">
          The {MOST} largest of {order.length}.
        </p>
      )}
    </>
  );
}
