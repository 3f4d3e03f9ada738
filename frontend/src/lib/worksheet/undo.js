/**
 * What was done to a sheet, to be taken back: `{ now, past, future }`. Pure. Letters typed one after
 * the other into the same field are one step.
 */
const MOST_STEPS = 200;

export const begin = (sheet) => ({ now: sheet, past: [], future: [], field: null });

/** @param field names what is being typed into; null for a step of its own (a paste, a removal) */
export function step(history, now, field = null) {
  if (now === history.now) return history;
  const goesOn = field !== null && field === history.field;
  const past = goesOn ? history.past : [...history.past, history.now].slice(-MOST_STEPS);
  return { now, past, future: [], field };
}

export function undo({ now, past, future }) {
  return { now: past.at(-1), past: past.slice(0, -1), future: [now, ...future], field: null };
}

export function redo({ now, past, future }) {
  return { now: future[0], past: [...past, now], future: future.slice(1), field: null };
}
