/** A control chart with what people do with it: zoom, zones, signals, leaving points out with a reason. */
import { useId, useMemo, useRef, useState } from 'react';

import {
  excludes,
  exclusions,
  hasStages,
  leaveOut,
  newStage,
  takeBack,
} from '../../lib/figures/exclusions.js';
import { ruleSet } from '../../lib/figures/control.js';
import { short } from '../../lib/figures/numbers.js';
import { argument, withArguments } from '../../lib/figures/program.js';
import { Badge, Button, IconButton, inputClass } from '../ui.jsx';
import ControlChart, { readChart } from './ControlChart.jsx';

const X_TITLES = [
  [/^spc\.(xbar_|median|generalized)/, 'subgroup'],
  [/^spc\.(np|p|u|c|laney_.)$/, 'sample'],
  [/^spc\.(i_mr|ewma|cusum|moving|t2)|^quality\./, 'observation'],
];

export default function ControlPanel({ figure, result, program, onRerun }) {
  const { data, kind } = figure;
  const chart = useMemo(() => readChart(data, kind), [data, kind]);
  const [view, setView] = useState(null);
  const [selected, setSelected] = useState(null);
  const [zones, setZones] = useState(true);
  const holder = useRef(null);
  const asked = program && result ? argument(program, result.name, 'rules') : null;
  // Charts of spread are judged by their limits alone, whatever rules the averages follow.
  const spread = /^(moving range|r|s|\|s\||range)$/i.test(data.y_label ?? '');
  const set = ruleSet(data.violations, spread ? 'limits' : asked);
  const editable = Boolean(onRerun && program && result && excludes(result.operation));
  const xTitle = X_TITLES.find(([pattern]) => pattern.test(result?.operation ?? ''))?.[1];
  const shownView = view && view[1] < chart.n ? view : null;
  return (
    <div ref={holder} className="flex flex-col gap-2">
      <Toolbar
        chart={chart}
        view={shownView}
        onView={setView}
        zones={zones}
        onZones={setZones}
        set={set}
      />
      <ControlChart
        figure={figure}
        view={shownView}
        onView={setView}
        selected={selected}
        onSelect={(point) => setSelected(point === selected ? null : point)}
        showZones={zones && chart.zones.length > 0}
        xTitle={xTitle}
      />
      {selected !== null && data.point.includes(selected) && (
        <PointCard
          key={selected}
          {...{ chart, data, selected, set, editable, program, result, onRerun }}
          onClose={() => {
            setSelected(null);
            holder.current.querySelector(`[data-point="${selected}"]`)?.focus();
          }}
        />
      )}
      <Signals chart={chart} data={data} set={set} onSelect={setSelected} />
      {editable && <Exclusions {...{ program, result, onRerun, chart, data }} />}
    </div>
  );
}

function Toolbar({ chart, view, onView, zones, onZones, set }) {
  const [from, to] = view ?? [0, chart.n - 1];
  const width = to - from + 1;
  const move = (a, b) => {
    const size = Math.min(chart.n, Math.max(3, b - a + 1));
    const first = Math.max(0, Math.min(a, chart.n - size));
    onView(size >= chart.n ? null : [first, first + size - 1]);
  };
  const by = Math.max(1, Math.round(width / 4));
  return (
    <div
      className="no-print flex flex-wrap items-center gap-1"
      role="toolbar"
      aria-label="View of the chart"
    >
      <IconButton
        icon="plus"
        label="Zoom in"
        disabled={width <= 3}
        onClick={() => move(from + by, to - by)}
      />
      <Button
        tone="quiet"
        aria-label="Zoom out"
        disabled={!view}
        onClick={() => move(from - by, to + by)}
      >
        <span aria-hidden="true">−</span>
      </Button>
      <IconButton
        icon="left"
        label="Earlier points"
        disabled={from === 0}
        onClick={() => move(from - by, to - by)}
      />
      <IconButton
        icon="right"
        label="Later points"
        disabled={to === chart.n - 1}
        onClick={() => move(from + by, to + by)}
      />
      <Button tone="quiet" disabled={!view} onClick={() => onView(null)}>
        All points
      </Button>
      {chart.zones.length > 0 && (
        <Button tone="quiet" aria-pressed={zones} onClick={() => onZones(!zones)}>
          {zones ? 'Hide zones' : 'Show zones'}
        </Button>
      )}
      <span className="ml-auto flex flex-wrap items-center gap-2 text-xs text-muted">
        {view && (
          <span role="status">
            {chart.labels[from]}–{chart.labels[to]} of {chart.n}
          </span>
        )}
        {set && <Badge>rules: {set}</Badge>}
      </span>
    </div>
  );
}

function PointCard({ chart, data, selected, set, editable, program, result, onRerun, onClose }) {
  const i = data.point.indexOf(selected);
  const rules = chart.rules.get(selected) ?? [];
  const out = chart.excluded.has(selected);
  const values = chart.series.map(
    (s) => `${chart.series.length > 1 ? `${s.name} ` : ''}${short(s.values[i], 8)}`,
  );
  const limits = chart.limits.map((l) => `${l.text} ${short(l.values[i], 6)}`);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it
    <section
      aria-label={`Point ${chart.labels[i]}`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
      className="rounded-md border border-line bg-sunken p-3 text-sm"
    >
      <div className="flex items-start justify-between gap-2">
        <h3 className="font-semibold">
          Point {chart.labels[i]}: {values.join(', ')}
        </h3>
        <IconButton icon="close" label="Close the point" onClick={onClose} />
      </div>
      <p className="text-ink-2">{limits.join(' · ')}</p>
      {rules.map((r) => (
        <p key={r.rule} className="text-bad">
          {r.rule}
          {r.pattern && `: ${r.pattern}`}
          {set && !r.rule.startsWith(set) && ` (rule set: ${set})`}
        </p>
      ))}
      {rules.length === 0 && <p className="text-muted">Breaks no rule.</p>}
      {out && <p className="text-ink-2">Left out of the limits; still shown.</p>}
      {editable && <PointActions {...{ selected, out, program, result, onRerun }} index={i} />}
    </section>
  );
}

function PointActions({ selected, out, program, result, onRerun, index }) {
  const id = useId();
  const [reason, setReason] = useState('');
  const [busy, error, rerun] = useRerun(onRerun);
  const name = result.name;
  if (out)
    return (
      <div className="mt-2 flex items-center gap-2">
        <Button
          disabled={busy}
          onClick={() => rerun(takeBack(program, name, selected), `point ${selected} taken back`)}
        >
          Take back into the limits
        </Button>
        <Failure error={error} />
      </div>
    );
  return (
    <form
      className="mt-2 flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        rerun(
          leaveOut(program, name, selected, reason),
          `point ${selected} left out: ${reason.trim()}`,
        );
      }}
    >
      <div className="min-w-48 flex-1">
        <label htmlFor={id} className="text-sm font-medium text-ink-2">
          Assignable cause (needed)
        </label>
        <input
          id={id}
          className={inputClass}
          value={reason}
          required
          placeholder="e.g. gauge slipped, wrong material"
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <Button type="submit" tone="primary" disabled={busy || !reason.trim()}>
        Leave out and recompute
      </Button>
      {index >= 7 && (
        <Button
          disabled={busy}
          onClick={() =>
            rerun(
              withArguments(program, name, {
                baseline: `1..${selected}`,
                phase1: null,
                stages: null,
              }),
              `limits from points 1 to ${selected} (phase I)`,
            )
          }
        >
          Limits from points 1–{selected}
        </Button>
      )}
      {hasStages(result.operation) && index >= 5 && (
        <Button
          disabled={busy}
          onClick={() =>
            rerun(newStage(program, name, selected), `new stage from point ${selected}`)
          }
        >
          New stage from point {selected}
        </Button>
      )}
      <Failure error={error} />
    </form>
  );
}

function Failure({ error }) {
  return error ? (
    <p role="alert" className="w-full text-sm text-bad">
      {error}
    </p>
  ) : null;
}

/** Run a changed program; what the server refuses is shown where it was asked. */
function useRerun(onRerun) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const rerun = async (program, reason) => {
    setBusy(true);
    setError(null);
    try {
      await onRerun({ program, reason });
    } catch (problem) {
      setError(problem.message);
    } finally {
      setBusy(false);
    }
  };
  return [busy, error, rerun];
}

function Signals({ chart, data, set, onSelect }) {
  if (!chart.rules.size) return null;
  const list = data.point
    .map((point, i) => ({ point, label: chart.labels[i], rules: chart.rules.get(point) }))
    .filter((s) => s.rules);
  return (
    <details className="text-sm" open={list.length <= 6}>
      <summary className="font-medium">
        {list.length} {list.length === 1 ? 'signal' : 'signals'}
        {set && ` (${set})`}
      </summary>
      <ul className="mt-1 flex flex-col gap-0.5">
        {list.map(({ point, label, rules }) => (
          <li key={point} className="flex flex-wrap items-baseline gap-x-2">
            <button type="button" className="text-accent underline" onClick={() => onSelect(point)}>
              Point {label}
            </button>
            <span className="text-ink-2">
              {rules.map((r) => (r.pattern ? `${r.rule} – ${r.pattern}` : r.rule)).join('; ')}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Exclusions({ program, result, onRerun, chart, data }) {
  const [busy, error, rerun] = useRerun(onRerun);
  const list = exclusions(program, result.name);
  if (!list.length) return null;
  const { values } = result;
  // the result tells the limits of its main chart: under that of the ranges they would mislead
  const own = (k) => chart.limits.find((l) => l.key === k)?.values[0] === values[k];
  const before = ['center', 'lcl', 'ucl'].filter(
    (k) => typeof values[`${k}_before`] === 'number' && typeof values[k] === 'number' && own(k),
  );
  return (
    <section
      aria-label="Points left out of the limits"
      className="rounded-md border border-line p-3 text-sm"
    >
      <h3 className="font-semibold">Left out of the limits</h3>
      <ul className="mt-1 flex flex-col gap-1">
        {list.map(({ point, reason }) => (
          <li key={point} className="flex flex-wrap items-center gap-2">
            <span>
              Point {chart.labels[data.point.indexOf(point)] ?? point}:{' '}
              {reason || 'no reason recorded'}
            </span>
            <Button
              className="h-7"
              disabled={busy}
              onClick={() =>
                rerun(takeBack(program, result.name, point), `point ${point} taken back`)
              }
            >
              Take back
            </Button>
          </li>
        ))}
      </ul>
      {before.length > 0 && (
        <p className="mt-1 text-ink-2">
          {before
            .map(
              (k) =>
                `${k.toUpperCase().replace('CENTER', 'Center')} ${short(values[`${k}_before`], 5)} → ${short(values[k], 5)}`,
            )
            .join(' · ')}
        </p>
      )}
      <Failure error={error} />
    </section>
  );
}
