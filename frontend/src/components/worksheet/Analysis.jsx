/** Analyse a sheet: the model and its plots, the optimum, the designs that can follow. */
import { useEffect, useState } from 'react';

import { explained } from '../../lib/explain.js';
import { run } from '../../lib/api.js';
import { useApp } from '../../lib/store.js';
import {
  analysisProgram,
  confirmation,
  nextDesigns,
  optimumProgram,
  reducedModel,
  usable,
} from '../../lib/worksheet/analysis.js';
import { continued, isDesign, sheetOf } from '../../lib/worksheet/design.js';
import { progress } from '../../lib/worksheet/sheet.js';
import { saveSheet } from '../../lib/worksheet/store.js';
import Outcome from '../operations/Outcome.jsx';
import { Button, Icon } from '../ui.jsx';
import Optimum from './Optimum.jsx';
import { nameProblem } from './Responses.jsx';

/** Run the analysis of each usable response, a reduced model where the first finds active effects, then the optimum. */
async function analyse(sheet) {
  const parts = [];
  for (const k of usable(sheet)) {
    const program = analysisProgram(sheet, k);
    try {
      let outcome = await run({ program });
      const fit = outcome.results.at(-1);
      const more = reducedModel(sheet, k, fit);
      if (more) outcome = await run({ program: outcome.program.trimEnd() + '\n' + more });
      parts.push({ k, outcome, fit, error: null });
    } catch (error) {
      parts.push({ k, outcome: null, fit: null, error: explained(error), program });
    }
  }
  const best = optimumProgram(sheet);
  let optimum = null;
  if (best) {
    try {
      optimum = { outcome: await run({ program: best }), error: null };
    } catch (error) {
      optimum = { outcome: null, error: explained(error) };
    }
  }
  return { parts, optimum };
}

/** What was found, by sheet, while the page is open: another view loses nothing. */
const kept = new Map();

export default function Analysis({ sheet }) {
  const [state, setState] = useState(
    () => kept.get(sheet.id) ?? { busy: false, found: null, of: null },
  );
  useEffect(() => {
    kept.set(sheet.id, { ...state, busy: false });
  }, [sheet.id, state]);
  const which = usable(sheet);
  const problem = sheet.responses.map((_, k) => nameProblem(sheet, k)).find(Boolean);
  const bad = sheet.responses.reduce((n, _, k) => n + progress(sheet, k).bad, 0);
  const start = async () => {
    setState((s) => ({ ...s, busy: true }));
    const found = await analyse(sheet);
    setState({ busy: false, found, of: sheet });
  };
  const stale = state.of && !alike(state.of.responses, sheet.responses);
  const why =
    problem ||
    (bad
      ? `${bad} cells hold no number`
      : which.length
        ? ''
        : 'an analysis needs at least four measured runs');
  return (
    <section aria-label="Analysis" className="no-print flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <Button
          tone="primary"
          disabled={state.busy || Boolean(why)}
          onClick={start}
          aria-describedby="why-not"
        >
          <Icon name="play" /> {state.busy ? 'Analysing' : 'Analyse'}
        </Button>
        <p id="why-not" className="text-sm text-muted">
          {why || partWords(sheet, which)}
        </p>
      </div>
      <div aria-live="polite" className="flex flex-col gap-6">
        {stale && (
          <p className="rounded-md bg-warn-soft px-3 py-1.5 text-sm text-warn">
            The responses changed; analyse again.
          </p>
        )}
        {state.found && (
          <Found
            found={state.found}
            sheet={state.of}
            onChange={(found) => setState((s) => ({ ...s, found }))}
          />
        )}
      </div>
      <Next sheet={sheet} found={stale ? null : state.found} />
    </section>
  );
}

const alike = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

function partWords(sheet, which) {
  const missing = which.filter((k) => progress(sheet, k).filled < sheet.rows.length);
  return missing.length
    ? 'Runs without a response are left out; the analysis says which model they still allow.'
    : 'All runs are measured.';
}

function Found({ found, sheet, onChange }) {
  const rerun =
    (i) =>
    async ({ program }) => {
      const outcome = await run({ program });
      onChange({ ...found, parts: found.parts.map((p, n) => (n === i ? { ...p, outcome } : p)) });
    };
  return (
    <>
      {found.optimum && <Optimum optimum={found.optimum} sheet={sheet} />}
      {found.parts.map((part, i) => (
        <section key={part.k} aria-label={sheet.responses[part.k].name}>
          {part.error ? (
            <>
              <h2 className="text-lg font-semibold">{sheet.responses[part.k].name}</h2>
              <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-sm text-bad">
                {part.error}
              </p>
            </>
          ) : (
            <Outcome
              outcome={part.outcome}
              title={sheet.responses[part.k].name}
              onRerun={rerun(i)}
            />
          )}
        </section>
      ))}
    </>
  );
}

/** What can follow; each opens as a sheet of its own and keeps what was measured. */
function Next({ sheet, found }) {
  const go = useApp((s) => s.go);
  const [state, setState] = useState({ busy: null, error: null });
  const part = found?.parts.find((p) => p.fit);
  const choices = nextDesigns(sheet, part?.k ?? 0, part?.fit ?? null);
  const best = found?.optimum?.outcome?.results.at(-1)?.values.settings;
  const open = async (next) => {
    await saveSheet(next);
    go('worksheet', next.id);
  };
  const make = async ({ key, program }) => {
    setState({ busy: key, error: null });
    try {
      const outcome = await run({ program });
      const result = outcome.results.at(-1);
      if (!isDesign(result)) throw new Error('The server gave no design.');
      const next = sheetOf(result, outcome.program);
      const keeps = key === 'fold' || key === 'augment';
      const names = next.responses[0].values;
      await open(
        keeps
          ? continued(next, sheet)
          : {
              ...next,
              parent: sheet.id,
              responses: sheet.responses.map((r) => ({ ...r, values: names.map(() => '') })),
            },
      );
      setState({ busy: null, error: null });
    } catch (error) {
      setState({ busy: null, error: explained(error) });
    }
  };
  if (!choices.length && !Array.isArray(best)) return null;
  return (
    <section aria-label="The next design" className="flex flex-col gap-2">
      <h2 className="engraved">The next design</h2>
      <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
        {Array.isArray(best) && (
          <Choice
            title="Confirmation runs"
            why={`three runs at the best settings: ${sheet.factors.map((f, j) => `${f.name} ${Number(best[j].toPrecision(4))}`).join(', ')}`}
            onMake={() => open(confirmation(sheet, best))}
          />
        )}
        {choices.map((c) => (
          <Choice
            key={c.key}
            title={c.title}
            why={c.why}
            busy={state.busy === c.key}
            onMake={() => make(c)}
          />
        ))}
      </ul>
      {state.error && (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-sm text-bad">
          {state.error}
        </p>
      )}
    </section>
  );
}

function Choice({ title, why, busy, onMake }) {
  return (
    <li className="flex flex-col justify-between gap-2 rounded-md border border-line bg-panel p-3">
      <span>
        <span className="block text-sm font-medium">{title}</span>
        <span className="block text-xs text-muted">{why}</span>
      </span>
      <Button
        className="self-start"
        aria-label={`${title}: open as worksheet`}
        disabled={busy}
        onClick={onMake}
      >
        <Icon name="sheet" /> {busy ? 'Making' : 'Open as worksheet'}
      </Button>
    </li>
  );
}
