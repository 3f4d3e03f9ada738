/** Files and pasted tables on their way into a question. */

export const ACCEPTED = ['.csv', '.tsv', '.txt', '.json', '.jsonl', '.xlsx', '.parquet'];
export const MAX_BYTES = 16_000_000;

/** A file as an attachment; refuses what the server would refuse, before it is sent. */
export async function attachmentOf(file, taken = []) {
  const dot = file.name.lastIndexOf('.');
  const extension = dot < 0 ? '' : file.name.slice(dot).toLowerCase();
  if (!ACCEPTED.includes(extension)) {
    throw new Error(`“${file.name}” is not a table this reads; it reads ${ACCEPTED.join(' ')}`);
  }
  if (file.size > MAX_BYTES) {
    const size = (file.size / 1e6).toFixed(1);
    throw new Error(
      `“${file.name}” has ${size} MB; at most ${MAX_BYTES / 1e6} MB are taken: keep the columns and rows that the question needs`,
    );
  }
  if (file.size === 0) throw new Error(`“${file.name}” is empty: save it again where it came from`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { name: freeName(file.name, taken), content_base64: base64(bytes) };
}

/** A name that no other attachment has: `etch.csv`, `etch-2.csv`. */
export function freeName(name, taken) {
  const clean = name.replace(/[/\\\0]/g, '_').slice(-120);
  if (!taken.includes(clean)) return clean;
  const dot = clean.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [clean.slice(0, dot), clean.slice(dot)] : [clean, ''];
  for (let n = 2; ; n++) {
    const other = `${stem}-${n}${extension}`;
    if (!taken.includes(other)) return other;
  }
}

function base64(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(text);
}

/** A rectangle of cells copied from a spreadsheet or a CSV file, as an attachment; else null. */
export function pastedTable(text, taken = []) {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n');
  if (lines.length < 3) return null;
  const separator = ['\t', ';', ','].find((s) => rectangular(lines, s));
  if (!separator) return null;
  const name = freeName(separator === '\t' ? 'pasted.tsv' : 'pasted.csv', taken);
  return { name, content: lines.join('\n') + '\n' };
}

/** Prose has commas too: a table has the same number on every line, and numbers in most. */
function rectangular(lines, separator) {
  const rows = lines.map((l) => l.split(separator));
  const width = rows[0].length;
  if (width < 2 || !rows.every((r) => r.length === width)) return false;
  const body = rows.slice(1).flat();
  const numeric = body.filter((c) => /\d/.test(c) && /^[\s"\d.,+\-−eE%]*$/.test(c)).length;
  const short = body.every((c) => c.trim().length <= 40);
  return separator === '\t' ? short : short && numeric >= body.length / width / 2;
}

export const TYPE_WORDS = { number: 'number', words: 'words', date: 'date' };
