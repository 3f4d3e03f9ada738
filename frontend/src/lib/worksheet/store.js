/** Sheets kept in this browser (IndexedDB); without it they last as long as the page. */
import { createStore, del, entries, get, set } from 'idb-keyval';

let store = null;
const memory = new Map();

function database() {
  try {
    store ??= createStore('havoc-worksheets', 'sheets');
    return store;
  } catch {
    return null;
  }
}

/** Save a sheet; false where the browser keeps nothing (private windows, full disks). */
export async function saveSheet(sheet) {
  memory.set(sheet.id, sheet);
  try {
    await set(sheet.id, sheet, database());
    return true;
  } catch {
    return false;
  }
}

/** A sheet by its id, or null. */
export async function loadSheet(id) {
  try {
    return (await get(id, database())) ?? memory.get(id) ?? null;
  } catch {
    return memory.get(id) ?? null;
  }
}

/** All sheets, the last changed first. */
export async function listSheets() {
  const found = new Map(memory);
  try {
    for (const [id, sheet] of await entries(database())) found.set(id, sheet);
  } catch {
    // only what this page made
  }
  return [...found.values()].sort((a, b) => b.changed.localeCompare(a.changed));
}

export async function removeSheet(id) {
  memory.delete(id);
  try {
    await del(id, database());
  } catch {
    // it was kept in memory only
  }
}
