/** Programs that analyse a filled sheet, and the designs that can follow it. */
import { statements } from '../figures/program.js';
import { listText, named } from '../operations/values.js';
import { newId } from './design.js';
import { cellNumber } from './sheet.js';

const TABLE = 'runs';

/** Rows whose cells of these responses are all numbers. */
function complete(sheet, which) {
  return sheet.rows
    .map((_, i) => i)
    .filter((i) => which.every((k) => (cellNumber(sheet.responses[k].values[i]) ?? '') !== ''));
}

/** Responses that have enough numbers to be analysed. */
export const usable = (sheet) =>
  sheet.responses.map((_, k) => k).filter((k) => complete(sheet, [k]).length >= 4);

/** The statement that writes the runs of these responses as a table. */
export function dataStatement(sheet, which, name = TABLE) {
  const rows = complete(sheet, which);
  const blocks = new Set(rows.map((i) => sheet.rows[i].block).filter((b) => b !== null));
  const columns = [
    ...(blocks.size > 1 ? [`block=${listText(rows.map((i) => sheet.rows[i].block))}`] : []),
    ...sheet.factors.map(
      (f, j) => `${named(f.name)}=${listText(rows.map((i) => sheet.rows[i].natural[j]))}`,
    ),
    ...which.map(
      (k) =>
        `${named(sheet.responses[k].name)}=[${rows.map((i) => cellNumber(sheet.responses[k].values[i])).join(', ')}]`,
    ),
  ];
  return `${name} = table(${columns.join(', ')})`;
}

const column = (name, table = TABLE) => `${table}.${named(name)}`;
const factorList = (sheet, table) =>
  `[${sheet.factors.map((f) => column(f.name, table)).join(', ')}]`;

/** `low=[...], high=[...]` where every factor has a numeric range. */
function coding(sheet) {
  const ranged = sheet.factors.every(
    (f) => typeof f.low === 'number' && typeof f.high === 'number',
  );
  return ranged
    ? `, low=[${sheet.factors.map((f) => f.low).join(', ')}], high=[${sheet.factors.map((f) => f.high).join(', ')}]`
    : '';
}

/** The program that analyses one response, by the kind of its design. */
export function analysisProgram(sheet, k) {
  const y = sheet.responses[k].name;
  return `${dataStatement(sheet, [k])}\nfit = ${fitStatement(sheet, k, y)}\n`;
}

function fitStatement(sheet, k, y) {
  const blocked =
    new Set(
      complete(sheet, [k])
        .map((i) => sheet.rows[i].block)
        .filter((b) => b !== null),
    ).size > 1;
  const block = blocked ? `, block=${TABLE}.block` : '';
  const terms = sheet.factors.map((f) => named(f.name));
  if (sheet.kind === 'surface' && enough(sheet, k))
    return `doe.fit_rsm(response=${column(y)}, factors=${factorList(sheet, TABLE)}${block}${coding(sheet)})`;
  if (sheet.kind === 'mixture')
    return `stats.regression(${named(y)} ~ ${mixtureTerms(terms, complete(sheet, [k]).length)}, data=${TABLE}, intercept=false)`;
  if (sheet.kind === 'space' || sheet.kind === 'path')
    return `stats.regression(${named(y)} ~ ${pathTerms(sheet, terms)}, data=${TABLE})`;
  if (sheet.kind === 'surface')
    return `stats.regression(${named(y)} ~ ${terms.join(' + ')}, data=${TABLE})`;
  return `doe.analyse(data=${TABLE}, response=${column(y)})`;
}

/** Settings along a straight path are proportional: one of them stands for all. */
const pathTerms = (sheet, terms) =>
  sheet.kind === 'path' ? `${terms[0]} + I(${terms[0]}^2)` : terms.join(' + ');

/** More runs than the full second-order model has coefficients. */
function enough(sheet, k) {
  const f = sheet.factors.length;
  return complete(sheet, [k]).length > ((f + 1) * (f + 2)) / 2;
}

/** Scheffé's terms: blends, and their products where there are runs enough. */
function mixtureTerms(terms, n) {
  const pairs = terms.flatMap((a, i) => terms.slice(i + 1).map((b) => `${a}:${b}`));
  return [...terms, ...(n >= terms.length + pairs.length ? pairs : [])].join(' + ');
}

/**
 * The reduced model of a two-level experiment, from the effects that its first analysis found
 * active; lower terms of an interaction are kept (Montgomery 2013, section 6.5). Null where none is.
 */
export function reducedModel(sheet, k, fit) {
  const active = fit?.values?.active;
  if (!Array.isArray(active) || !active.length || fit.values.analysis !== 'doe.effects')
    return null;
  const names = sheet.factors.map((f) => f.name);
  const terms = new Set();
  for (const effect of active) {
    const parts = partsOf(String(effect), names);
    if (!parts) return null;
    for (const p of parts) terms.add(named(p));
    if (parts.length > 1) terms.add(parts.map(named).join(':'));
  }
  const runs = complete(sheet, [k]).length;
  if (runs <= terms.size + 1) return null;
  return `model = stats.anova(${named(sheet.responses[k].name)} ~ ${[...terms].join(' + ')}, data=${TABLE})\n`;
}

/** The factors of an effect such as "TK" or "temperature:time". */
export function partsOf(effect, names) {
  if (names.includes(effect)) return [effect];
  const parts = effect.includes(':') ? effect.split(':') : [...effect];
  return parts.every((p) => names.includes(p)) ? parts : null;
}

const GOALS = { maximize: 'maximize', minimize: 'minimize', target: 'on_target' };

/**
 * The ends of a goal's ramp: from the worst value seen to one range beyond the best. At the best
 * value seen, the operation's own end, every better prediction would count alike.
 */
function ramp(response, rows) {
  const values = rows.map((i) => Number(cellNumber(response.values[i])));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const reach = high - low || Math.abs(high) || 1;
  const target = Number(cellNumber(response.target));
  const ends = {
    maximize: [low, high + reach],
    minimize: [low - reach, high],
    target: [Math.min(low, target - reach), Math.max(high, target + reach)],
  }[response.goal];
  return ends.map((v) => Number(v.toPrecision(6)));
}

/** The program that looks for the best settings of all usable responses together; null where it cannot. */
export function optimumProgram(sheet) {
  const wanted = usable(sheet).filter((k) => sheet.responses[k].goal !== 'none');
  const numeric = sheet.factors.every(
    (f) => typeof f.low === 'number' && typeof f.high === 'number',
  );
  const open = wanted.some(
    (k) => sheet.responses[k].goal === 'target' && !cellNumber(sheet.responses[k].target),
  );
  if (!wanted.length || !numeric || open) return null;
  if (!['two_level', 'surface', 'factorial'].includes(sheet.kind)) return null;
  const goals = Object.entries(GOALS)
    .map(([goal, key]) => [key, wanted.filter((k) => sheet.responses[k].goal === goal)])
    .filter(([, ks]) => ks.length);
  const order = goals.flatMap(([, ks]) => ks);
  const lists = goals.map(
    ([key, ks]) => `${key}=[${ks.map((k) => column(sheet.responses[k].name)).join(', ')}]`,
  );
  const targets = order
    .filter((k) => sheet.responses[k].goal === 'target')
    .map((k) => cellNumber(sheet.responses[k].target));
  const rows = complete(sheet, wanted);
  const ends = order.map((k) => ramp(sheet.responses[k], rows));
  const args = [
    `factors=${factorList(sheet, TABLE)}`,
    ...lists,
    ...(targets.length ? [`target=[${targets.join(', ')}]`] : []),
    `low=[${ends.map((e) => e[0]).join(', ')}]`,
    `high=[${ends.map((e) => e[1]).join(', ')}]`,
    `order=${modelOrder(sheet, rows.length)}`,
  ];
  return `${dataStatement(sheet, wanted)}\nbest = doe.desirability(${args.join(', ')})\n`;
}

/** The largest model that the runs allow with a run to spare. */
function modelOrder(sheet, n) {
  const f = sheet.factors.length;
  if (sheet.kind === 'surface' && n > ((f + 1) * (f + 2)) / 2) return 'second';
  return n > 1 + f + (f * (f - 1)) / 2 ? 'interaction' : 'first';
}

const range = (f) => `${named(f.name)}=${f.low}..${f.high}${f.unit ? ` ${f.unit}` : ''}`;

/**
 * What can follow: `[{key, title, why, program}]`, the program's last statement being the next
 * design. `fit` is the result of the analysis of response `k`, or null before there is one.
 */
export function nextDesigns(sheet, k, fit) {
  const found = [];
  const own = designStatement(sheet);
  const ranged = sheet.factors.every(
    (f) => typeof f.low === 'number' && typeof f.high === 'number',
  );
  const screening = /doe\.(fractional_factorial|plackett_burman)/.test(sheet.operation);
  if (own && screening)
    found.push({
      key: 'fold',
      title: 'Fold over',
      why: 'frees main effects of two-factor interactions; your runs stay, as many are added as a second block',
      program: `${own}\nnext = doe.fold_over(${sheet.name})\n`,
    });
  if (own && sheet.kind === 'two_level' && ranged) {
    const need = ((sheet.factors.length + 1) * (sheet.factors.length + 2)) / 2;
    const more = Math.max(sheet.factors.length + 1, need - sheet.rows.length + 2);
    found.push({
      key: 'augment',
      title: 'Augment to a response surface',
      why: `keeps your runs and adds ${more} for the squares and interactions`,
      program: `${own}\nnext = doe.augment(${sheet.name}, runs=${more}, model=quadratic, seed=1)\n`,
    });
  }
  if (ranged && fit && ['two_level', 'surface'].includes(sheet.kind)) {
    const goal = sheet.responses[k].goal === 'minimize' ? 'descent' : 'ascent';
    const order = sheet.kind === 'surface' && enough(sheet, k) ? 'second' : 'first';
    found.push({
      key: 'ascent',
      title: `Steepest ${goal}`,
      why:
        order === 'first'
          ? 'runs along the line on which the response changes fastest'
          : 'runs along the ridge of the fitted surface',
      program: `${dataStatement(sheet, [k])}\nnext = doe.steepest_ascent(response=${column(sheet.responses[k].name)}, factors=${factorList(sheet, TABLE)}${coding(sheet)}, order=${order}, direction=${goal})\n`,
    });
  }
  if (ranged && sheet.kind === 'two_level' && sheet.factors.length >= 2)
    found.push({
      key: 'ccd',
      title: 'Central composite design',
      why: 'a new design over the same ranges that fits curvature',
      program: `next = doe.central_composite(${sheet.factors.map(range).join(', ')}, seed=1)\n`,
    });
  if (own)
    found.push({
      key: 'again',
      title: 'Replicate in a new order',
      why: 'the same runs once more, randomised anew',
      program: reseeded(sheet, own),
    });
  return found.filter((f) => f.program);
}

/** The statements of the sheet's program up to its design. */
function designStatement(sheet) {
  if (!sheet.program || sheet.kind === 'path') return null;
  const all = statements(sheet.program);
  const at = all.findIndex((s) => s.name === sheet.name);
  return at < 0
    ? null
    : all
        .slice(0, at + 1)
        .map((s) => sheet.program.slice(s.start, s.end))
        .join('\n');
}

function reseeded(sheet, own) {
  const seed = (sheet.seed ?? 1) + 1;
  const last = own.split('\n').at(-1);
  const call = /seed\s*=\s*\d+/.test(last)
    ? last.replace(/seed\s*=\s*\d+/, `seed=${seed}`)
    : last.replace(/\)\s*$/, `${/\(\s*\)\s*$/.test(last) ? '' : ', '}seed=${seed})`);
  return `${[...own.split('\n').slice(0, -1), call].join('\n')}\n`;
}

/** A sheet of confirmation runs at one setting. */
export function confirmation(sheet, settings, runs = 3) {
  const now = new Date().toISOString();
  return {
    id: newId(),
    created: now,
    changed: now,
    operation: 'confirmation',
    kind: 'path',
    name: 'confirmation',
    title: `Confirmation runs of ${sheet.title}`,
    program: '',
    seed: null,
    factors: sheet.factors,
    rows: Array.from({ length: runs }, (_, i) => ({
      run: i + 1,
      std: i + 1,
      block: null,
      plot: null,
      type: 'confirmation',
      natural: settings,
      coded: null,
    })),
    responses: sheet.responses.map((r) => ({ ...r, values: Array(runs).fill('') })),
    parent: sheet.id,
  };
}
