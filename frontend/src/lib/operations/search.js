/** Find operations by what people call them. */

const STOP = new Set(
  'a an and are by for from how in is of on or the to what which with'.split(' '),
);

/** A word without its plural and its commonest endings: averages, average; fitted, fit. */
const stem = (word) =>
  word.length > 4 ? word.replace(/(ies|es|s)$/, (e) => (e === 'ies' ? 'y' : '')) : word;

const words = (text) =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .split(/[^a-z0-9^]+/)
    .filter((w) => w && !STOP.has(w))
    .map(stem);

/** What people say for what the operations are called. */
const SAME = {
  average: ['mean', 'xbar'],
  mean: ['average'],
  cpk: ['capability'],
  chart: ['control'],
  doe: ['design'],
  compare: ['test', 'difference'],
};

const WEIGHTS = [
  ['name', 6],
  ['terms', 5],
  ['summary', 3],
  ['parameters', 1],
  ['description', 1],
];

const textOf = (operation, field) => {
  if (field === 'terms') return (operation.terms ?? []).join(' ');
  if (field === 'parameters')
    return operation.parameters.map((p) => `${p.name} ${p.doc}`).join(' ');
  return operation[field] ?? '';
};

/** An index over operations, made once. */
export function searchIndex(operations) {
  return operations.map((operation) => ({
    operation,
    fields: WEIGHTS.map(([field, weight]) => ({ weight, words: words(textOf(operation, field)) })),
    name: operation.name.toLowerCase(),
  }));
}

/** Operations that have the words asked for, or their beginnings; the more and the nearer, the higher. */
export function search(index, text) {
  const asked = words(text);
  if (!text.trim()) return index.map((e) => e.operation);
  const exact = text.trim().toLowerCase();
  const found = index
    .map((entry) => ({ operation: entry.operation, ...score(entry, asked, exact) }))
    .filter((e) => e.hits > 0)
    .sort((a, b) => b.score - a.score || a.operation.name.localeCompare(b.operation.name));
  const most = Math.max(0, ...found.map((e) => e.hits));
  // One word too many is forgiven, where enough others are found.
  const least = most > 2 ? most - 1 : Math.max(1, most);
  return found.filter((e) => e.hits >= least || e.score >= 100).map((e) => e.operation);
}

function score({ fields, name }, asked, exact) {
  let total = name === exact || name.endsWith(`.${exact}`) ? 100 : name.includes(exact) ? 20 : 0;
  let hits = total ? 1 : 0;
  for (const word of asked) {
    const own = nearest(fields, word);
    const best = own || Math.max(0, ...(SAME[word] ?? []).map((w) => nearest(fields, w) * 0.7));
    if (best) hits += 1;
    total += best;
  }
  return { hits, score: total + 4 * hits };
}

function nearest(fields, word) {
  let best = 0;
  for (const { weight, words: there } of fields) {
    if (there.includes(word)) best = Math.max(best, weight * 2);
    else if (word.length > 1 && there.some((w) => w.startsWith(word)))
      best = Math.max(best, weight);
  }
  return best;
}
