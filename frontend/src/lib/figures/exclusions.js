/**
 * Points left out of a chart's limits, with the reason. The program itself is the record: `exclude`
 * holds the points, a comment above the statement the reason, so that whoever runs it again sees both.
 */
import { argument, numberList, statements, withArguments } from './program.js';

const LINE = /^#\s*(\S+): point (\d+) left out of the limits: (.*)$/;

/** `[{point, reason}]` of the statement `name`, in order of the points. */
export function exclusions(program, name) {
  const reasons = new Map();
  for (const line of program.split('\n')) {
    const match = LINE.exec(line.trim());
    if (match && match[1] === name) reasons.set(Number(match[2]), match[3]);
  }
  return numberList(argument(program, name, 'exclude'))
    .sort((a, b) => a - b)
    .map((point) => ({ point, reason: reasons.get(point) ?? '' }));
}

/** The program with one more point left out. */
export function leaveOut(program, name, point, reason) {
  const others = exclusions(program, name).filter((e) => e.point !== point);
  return written(program, name, [...others, { point, reason: reason.replace(/\s+/g, ' ').trim() }]);
}

/** The program with a point taken back into the limits. */
export function takeBack(program, name, point) {
  return written(
    program,
    name,
    exclusions(program, name).filter((e) => e.point !== point),
  );
}

function written(program, name, list) {
  const sorted = [...list].sort((a, b) => a.point - b.point);
  const others = program
    .split('\n')
    .filter((line) => LINE.exec(line.trim())?.[1] !== name)
    .join('\n');
  const points = sorted.length ? `[${sorted.map((e) => e.point).join(', ')}]` : null;
  const changed = withArguments(others, name, { exclude: points });
  const at = statements(changed).find((s) => s.name === name).start;
  const comments = sorted
    .filter((e) => e.reason)
    .map((e) => `# ${name}: point ${e.point} left out of the limits: ${e.reason}\n`);
  return changed.slice(0, at) + comments.join('') + changed.slice(at);
}
