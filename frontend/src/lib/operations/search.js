/** Find operations by what people call them. */

const words = (text) =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .split(/[^a-z0-9^]+/)
    .filter(Boolean);

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

/** Operations that have every word asked for (or its beginning), the best first. */
export function search(index, text) {
  const asked = words(text);
  if (!asked.length) return index.map((e) => e.operation);
  const exact = text.trim().toLowerCase();
  return index
    .map((entry) => ({ operation: entry.operation, score: score(entry, asked, exact) }))
    .filter((e) => e.score > 0)
    .sort((a, b) => b.score - a.score || a.operation.name.localeCompare(b.operation.name))
    .map((e) => e.operation);
}

function score({ fields, name }, asked, exact) {
  let total = name === exact ? 100 : name.startsWith(exact) ? 20 : 0;
  for (const word of asked) {
    let best = 0;
    for (const { weight, words: there } of fields) {
      if (there.includes(word)) best = Math.max(best, weight * 2);
      else if (there.some((w) => w.startsWith(word))) best = Math.max(best, weight);
    }
    if (!best) return 0;
    total += best;
  }
  return total;
}
