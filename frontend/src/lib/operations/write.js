/** A form as a program, and a program back into the form. */
import { statements } from '../figures/program.js';
import { ROW_KINDS, emptyValue, readArgument, readRow, written } from './fields.js';

/** What the form of an operation holds before anything is typed. */
export const emptyForm = (operation) =>
  Object.fromEntries(operation.parameters.map((p) => [p.name, emptyValue(p.kind)]));

/** The name of the statement: what the operation makes. */
export const resultName = (operation) =>
  /^doe\.(?!effects|analyse|fit|steep|desir|eval|anova|factorial_power)/.test(operation.name)
    ? 'design'
    : operation.family === 'spc'
      ? 'chart'
      : operation.family === 'table'
        ? 'rows'
        : 'r';

/**
 * The program of a form: `{program, errors}`, errors by parameter. Parameters that are required and
 * not given keep their place as `...`, so that the program shows what is missing.
 */
export function formProgram(operation, values, preamble = []) {
  const errors = {};
  const args = [];
  for (const p of operation.parameters) {
    const found = written(p, values[p.name]);
    if (found.error) {
      errors[p.name] = found.error;
      args.push(`${p.name}=…`);
    } else if (found.texts) args.push(...found.texts);
    else if (found.text !== undefined) args.push(`${p.name}=${found.text}`);
  }
  const line = `${resultName(operation)} = ${operation.name}(${args.join(', ')})`;
  return { program: [...preamble, line].join('\n') + '\n', errors };
}

/** A program's statement of this operation as `{values, preamble}`; null when it has none. */
export function readProgram(operation, program) {
  const all = statements(program);
  const one = all.findLast((s) => s.operation === operation.name);
  if (!one) return null;
  const values = emptyForm(operation);
  const plain = operation.parameters.filter((p) => !ROW_KINDS.has(p.kind));
  const rows = operation.parameters.find((p) => ROW_KINDS.has(p.kind));
  one.args.forEach(({ key, value }, i) => {
    const parameter = key === null ? plain[i] : plain.find((p) => p.name === key);
    if (parameter) values[parameter.name] = readArgument(parameter, value);
    else if (rows && key !== null)
      values[rows.name] = [
        ...values[rows.name],
        readRow(rows.kind, key.replaceAll('`', ''), value),
      ];
  });
  const preamble = all.filter((s) => s !== one).map((s) => program.slice(s.start, s.end).trim());
  return { values, preamble };
}

/** Variables of a preamble with their columns, where the program itself shows them. */
export function variablesOf(preamble) {
  return statements(preamble.join('\n')).map((s) => ({
    name: s.name,
    operation: s.operation,
    columns: s.operation === 'table' ? s.args.map((a) => a.key.replaceAll('`', '')) : [],
  }));
}
