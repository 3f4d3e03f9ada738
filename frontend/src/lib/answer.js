/** An answer in the making: the server's events applied one by one. Pure. */

export const STAGES = ['mode', 'ground', 'plan', 'execute', 'argue', 'arbiter', 'audit', 'answer'];

/** What each stage is for, for people who see it for the first time. */
export const STAGE_TITLES = {
  mode: 'What kind of question is it?',
  ground: 'Which numbers, columns and files does it name?',
  plan: 'Which programs could answer it?',
  execute: 'Run each of them',
  argue: 'What speaks against each result?',
  arbiter: 'Choose one, by a written rubric',
  audit: 'Re-compute every number',
  answer: 'Write it down',
};

export const emptyAnswer = (reasoning = true) => ({
  phase: 'waiting', // waiting | streaming | done | stopped | cut | gone | error
  reasoning,
  connection: 'ok',
  runId: null,
  seen: 0,
  model: '',
  text: '',
  stages: [],
  results: [],
  citations: [],
  audit: null,
  usage: null,
  error: null,
  outcome: '', // answered | needs_clarification | refused | failed | written
  program: '',
  candidates: [],
  mode: null,
  provenance: null,
  objections: [],
  timings: null,
  revisions: [],
});

/** Whether events may still come. */
export const isRunning = (answer) => answer.phase === 'waiting' || answer.phase === 'streaming';

export function applyEvent(answer, { id, event, data }) {
  const next = { ...answer, ...change(answer, event, data) };
  if (id) next.seen = id;
  return next;
}

function change(answer, event, data) {
  switch (event) {
    case 'meta':
      return { runId: data.run_id, model: data.model ?? '', phase: 'streaming', connection: 'ok' };
    case 'stage':
      return { stages: withStage(answer.stages, data), phase: 'streaming' };
    case 'result':
      return { results: [...answer.results, data] };
    case 'citation':
      return { citations: [...answer.citations, data] };
    case 'token':
      return { text: answer.text + data.t, phase: 'streaming' };
    case 'audit':
      return { audit: data };
    case 'usage':
      return { usage: data };
    case 'error':
      return { error: data, phase: data.code === 'cancelled' ? 'stopped' : 'error' };
    case 'done':
      return finished(answer, data);
    case 'connection':
      return connectionChange(data);
    default:
      return {};
  }
}

function withStage(stages, stage) {
  const rest = stages.filter((s) => s.name !== stage.name);
  return [...rest, stage];
}

function finished(answer, data) {
  const doc = data.reasoning;
  const phase = answer.error ? answer.phase : data.status === 'cancelled' ? 'stopped' : 'done';
  const common = { phase, outcome: data.status ?? '', finishReason: data.finish_reason };
  if (!doc) return common;
  return {
    ...common,
    outcome: doc.status,
    program: doc.program ?? '',
    results: answer.results.length ? answer.results : (doc.results ?? []),
    citations: answer.citations.length ? answer.citations : numbered(doc.citations ?? []),
    audit: doc.audit ?? answer.audit,
    candidates: doc.candidates ?? [],
    mode: doc.mode ?? null,
    provenance: doc.provenance ?? null,
    objections: doc.objections ?? [],
    timings: doc.timings_ms ?? null,
  };
}

const numbered = (citations) => citations.map((c, i) => ({ n: i + 1, ...c }));

function connectionChange({ state, run_id: runId }) {
  if (state === 'opened') return { runId };
  if (state === 'cut' && !runId) return { phase: 'gone', connection: 'ok' };
  if (state === 'cut' || state === 'gone') return { phase: state, connection: 'ok' };
  return { connection: state === 'lost' ? 'lost' : 'ok' };
}

/**
 * The assumptions behind an answer, each with a tone: `good` holds, `warn` does not hold, `bad`
 * does not hold and ARGUE knows a better method, `neutral` the data cannot tell.
 */
export function assumptionsOf(answer) {
  return answer.results.flatMap((result) =>
    (result.assumptions ?? []).map((a) => {
      const objection = answer.objections.find(
        (o) => o.step === result.name && o.name === a.name && o.severity === 'serious',
      );
      const tone =
        a.met === true ? 'good' : a.met === null ? 'neutral' : objection ? 'bad' : 'warn';
      return {
        ...a,
        tone,
        step: result.name,
        operation: result.operation,
        remedy: objection?.remedy,
      };
    }),
  );
}

export const TONE_WORDS = {
  good: 'holds',
  warn: 'does not hold',
  bad: 'does not hold: another method is better',
  neutral: 'the data cannot tell',
};

/** Checks passed and in all. */
export function auditCount(audit) {
  const checks = audit?.checks ?? [];
  return { passed: checks.filter((c) => c.passed).length, total: checks.length };
}
