/** A design's result as a sheet: runs with their settings, and columns for what will be measured. */

const tableOf = (result, name) => (result.tables ?? []).find((t) => t.name === name);

/** Whether a result is a design that can be run: it has a run order and settings. */
export function isDesign(result) {
  const table = tableOf(result, 'design') ?? tableOf(result, 'path');
  if (!table || !String(result.operation).startsWith('doe.')) return false;
  return table.name === 'path' || table.columns.includes('run');
}

const HEADS = ['run', 'std', 'block', 'whole plot', 'type'];

/** What kind of experiment it is, for the analysis and for what can follow. */
export function kindOf(operation, result) {
  if (operation === 'doe.steepest_ascent') return 'path';
  if (tableOf(result, 'components')) return 'mixture';
  if (operation === 'doe.split_plot') return 'split_plot';
  if (['doe.box_behnken', 'doe.central_composite', 'doe.definitive_screening'].includes(operation))
    return 'surface';
  if (['doe.latin_hypercube', 'doe.space_filling'].includes(operation)) return 'space';
  const design = tableOf(result, 'design');
  const heads = design.columns.filter((c) => HEADS.includes(c)).length;
  const levels = design.columns
    .slice(heads)
    .map(
      (_, j) =>
        new Set(
          design.rows
            .filter((r) => r[design.columns.indexOf('type')] !== 'center')
            .map((r) => r[heads + j]),
        ).size,
    );
  if (levels.every((n) => n <= 2)) return 'two_level';
  const numeric = design.rows.every((r) => r.slice(heads).every((v) => typeof v === 'number'));
  return numeric && levels.every((n) => n >= 3) ? 'surface' : 'factorial';
}

/** A new sheet of a design. `result` is the design's result, `program` what made it. */
export function sheetOf(result, program, now = new Date()) {
  const path = tableOf(result, 'path');
  const made = path ? fromPath(path) : fromDesign(result);
  const kind = kindOf(result.operation, result);
  return {
    id: newId(),
    title: titleOf(result),
    created: now.toISOString(),
    changed: now.toISOString(),
    operation: result.operation,
    name: result.name,
    program,
    seed: result.values?.seed ?? null,
    kind,
    ...made,
    responses: [emptyResponse(made.rows.length)],
  };
}

function titleOf(result) {
  if (result.operation === 'doe.steepest_ascent') return 'Path of steepest ascent';
  return result.values?.design ?? result.operation.replace('doe.', '').replaceAll('_', ' ');
}

export const emptyResponse = (n, name = 'response') => ({
  name,
  unit: '',
  goal: 'maximize',
  target: '',
  values: Array(n).fill(''),
});

function fromDesign(result) {
  const design = tableOf(result, 'design');
  const coded = tableOf(result, 'coded design') ?? tableOf(result, 'pseudocomponents');
  const heads = design.columns.filter((c) => HEADS.includes(c));
  const at = (row, name) =>
    design.columns.includes(name) ? row[design.columns.indexOf(name)] : null;
  const names = design.columns.slice(heads.length);
  const rows = design.rows.map((row, i) => ({
    run: at(row, 'run'),
    std: at(row, 'std'),
    block: at(row, 'block'),
    plot: at(row, 'whole plot'),
    type: at(row, 'type'),
    natural: row.slice(heads.length),
    coded: coded ? coded.rows[i].slice(1) : null,
  }));
  return { factors: names.map((name) => factorOf(result, name)), rows };
}

function factorOf(result, name) {
  const factors = tableOf(result, 'factors');
  const row = factors?.rows.find((r) => r[factors.columns.indexOf('factor')] === name);
  if (row) {
    const get = (c) => row[factors.columns.indexOf(c)];
    return {
      name,
      unit: get('unit') || '',
      low: get('low'),
      high: get('high'),
      levels: get('levels') || '',
    };
  }
  const components = tableOf(result, 'components');
  const part = components?.rows.find((r) => r[0] === name);
  return { name, unit: '', low: part?.[1] ?? null, high: part?.[2] ?? null, levels: '' };
}

function fromPath(path) {
  const names = path.columns.filter((c) => !['step', 'distance', 'predicted'].includes(c));
  const rows = path.rows.map((row, i) => ({
    run: i + 1,
    std: row[path.columns.indexOf('step')],
    block: null,
    plot: null,
    type: i ? `step ${row[0]}` : 'centre',
    natural: names.map((n) => row[path.columns.indexOf(n)]),
    coded: null,
  }));
  return {
    factors: names.map((name) => ({ name, unit: '', low: null, high: null, levels: '' })),
    rows,
  };
}

/** crypto.randomUUID is missing on plain HTTP, where many plant servers live. */
export const newId = () =>
  globalThis.crypto?.randomUUID?.() ??
  `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;

/**
 * A sheet of a design that goes on from another: responses measured already are kept where the
 * settings and the place in the order are those of a run made before.
 */
export function continued(next, before) {
  const key = (sheet, row) => sheet.factors.map((f, j) => `${f.name}=${row.natural[j]}`).join('|');
  const pool = before.rows.map((row, i) => ({ key: key(before, row), i }));
  const taken = new Set();
  const from = next.rows.map((row) => {
    const wanted = key(next, row);
    const found = pool.find((p) => p.key === wanted && !taken.has(p.i));
    if (row.type !== 'existing' && row.type !== 'original') return null;
    if (!found) return null;
    taken.add(found.i);
    return found.i;
  });
  const responses = before.responses.map((r) => ({
    ...r,
    values: from.map((i) => (i === null ? '' : r.values[i])),
  }));
  return { ...next, title: `${next.title} (after ${before.title})`, responses, parent: before.id };
}
