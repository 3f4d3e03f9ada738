/**
 * Points left out of a chart's limits, with the reason. The program itself is the record, so that
 * whoever runs it again sees both: `exclude` holds the points; the reasons stand in `reasons`, or,
 * where an operation has no such parameter, in a comment above its statement.
 */
import { unquoted, quoted } from '../operations/values.js';
import { argument, numberList, splitTop, statements, withArguments } from './program.js';

const LINE = /^#\s*(\S+): point (\d+) left out of the limits: (.*)$/;
const TAKES_REASONS = /^spc\.(c|g|i_mr|laney_p|laney_u|median|np|p|u|xbar_r|xbar_s)$/;

/** Operations that can leave points out of their limits but take no reasons. */
const EXCLUDES = /^spc\.(cusum|ewma|generalized_variance|mcusum|mewma|moving_average|t|t2)$/;

/** Whether an operation can leave points out of its limits. */
export const excludes = (operation) => TAKES_REASONS.test(operation) || EXCLUDES.test(operation);

/** Whether an operation can start new stages with limits of their own. */
export const hasStages = (operation) => TAKES_REASONS.test(operation);

const operationOf = (program, name) =>
  statements(program).find((s) => s.name === name)?.operation ?? '';

/** `[{point, reason}]` of the statement `name`, in order of the points. */
export function exclusions(program, name) {
  const points = numberList(argument(program, name, 'exclude'));
  const written = argument(program, name, 'reasons');
  const given = written ? splitTop(unquoted(written), ';') : [];
  const comments = new Map();
  for (const line of program.split('\n')) {
    const match = LINE.exec(line.trim());
    if (match && match[1] === name) comments.set(Number(match[2]), match[3]);
  }
  return points
    .map((point, i) => ({ point, reason: given[i] ?? comments.get(point) ?? '' }))
    .sort((a, b) => a.point - b.point);
}

/** The program with one more point left out. */
export function leaveOut(program, name, point, reason) {
  const others = exclusions(program, name).filter((e) => e.point !== point);
  const clean = reason.replace(/\s+/g, ' ').replaceAll(';', ',').trim();
  return written(program, name, [...others, { point, reason: clean }]);
}

/** The program with a point taken back into the limits. */
export function takeBack(program, name, point) {
  return written(
    program,
    name,
    exclusions(program, name).filter((e) => e.point !== point),
  );
}

/** The program with a new stage from a point on; a baseline gives way, as both set limits. */
export function newStage(program, name, point) {
  const starts = numberList(argument(program, name, 'stages'));
  const all = [...new Set([...starts, point])].sort((a, b) => a - b);
  return withArguments(program, name, {
    stages: `[${all.join(', ')}]`,
    baseline: null,
    phase1: null,
  });
}

function written(program, name, list) {
  const sorted = [...list].sort((a, b) => a.point - b.point);
  const others = program
    .split('\n')
    .filter((line) => LINE.exec(line.trim())?.[1] !== name)
    .join('\n');
  const points = sorted.length ? `[${sorted.map((e) => e.point).join(', ')}]` : null;
  if (TAKES_REASONS.test(operationOf(program, name))) {
    const reasons = sorted.some((e) => e.reason)
      ? quoted(sorted.map((e) => e.reason || 'no reason recorded').join('; '))
      : null;
    return withArguments(others, name, { exclude: points, reasons });
  }
  const changed = withArguments(others, name, { exclude: points });
  const at = statements(changed).find((s) => s.name === name).start;
  const comments = sorted
    .filter((e) => e.reason)
    .map((e) => `# ${name}: point ${e.point} left out of the limits: ${e.reason}\n`);
  return changed.slice(0, at) + comments.join('') + changed.slice(at);
}
