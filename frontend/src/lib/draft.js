/**
 * The question that is being written, with its files: kept over a change of view, and over a reload
 * of this tab.
 */
const STORE = 'havoc.draft';
const MOST_CHARACTERS = 2_000_000; // a browser keeps about five million for a tab
const EMPTY = { text: '', files: [], pasted: {} };

let draft = null;

/** `{ text, files, pasted }`: pasted maps the name of a pasted table to the text it came from. */
export function keptDraft() {
  draft ??= takeStored();
  return draft;
}

export const keepDraft = (next) => {
  draft = next;
};

/** Before the page goes. Files that are too large for the browser's store are left behind. */
export function storeDraft() {
  if (!draft?.text && !draft?.files.length) return;
  const whole = JSON.stringify(draft);
  try {
    const fits = whole.length <= MOST_CHARACTERS;
    sessionStorage.setItem(STORE, fits ? whole : JSON.stringify({ ...EMPTY, text: draft.text }));
  } catch {
    // the browser keeps nothing
  }
}

function takeStored() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORE) ?? '{}');
    sessionStorage.removeItem(STORE);
    return { ...EMPTY, ...stored };
  } catch {
    return EMPTY;
  }
}
