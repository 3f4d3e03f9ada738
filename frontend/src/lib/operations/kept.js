/** Forms and results of the operations, kept while the page is open: another view loses nothing. */
const kept = new Map(); // operation -> { values, sources, preamble, manual, result }

export const keptForm = (name) => kept.get(name) ?? {};

export const keepForm = (name, state) => kept.set(name, state);
