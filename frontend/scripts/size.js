// The budgets of the built page, in kB of gzip: `npm run size` after `npm run build`.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const OUT = new URL('../../havoc/serving/static/', import.meta.url);
const LIMITS = { initial: 90, firstLoad: 110, chunk: 90, scene: 190 };
const SCENE = /three|Scene3D|Surface3D|fiber/i; // loaded only where something is drawn in 3D

function built() {
  try {
    statSync(fileURLToPath(new URL('index.html', OUT)));
  } catch {
    console.error('there is no built page; run `npm run build` first');
    process.exit(2);
  }
  return JSON.parse(readFileSync(new URL('.vite/manifest.json', OUT), 'utf8'));
}

const manifest = built();
const gzipped = (file) => gzipSync(readFileSync(new URL(file, OUT)), { level: 9 }).length / 1000;

/** A chunk with all that it imports at once. */
function closure(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const other of manifest[key].imports ?? []) closure(other, seen);
  }
  return seen;
}

const entry = Object.keys(manifest).find((k) => manifest[k].isEntry);
const first = closure(entry);
const sum = (keys, part) => [...keys].reduce((total, k) => total + part(manifest[k]), 0);
const script = (chunk) => (chunk.file.endsWith('.js') ? gzipped(chunk.file) : 0);
const styles = (chunk) => (chunk.css ?? []).reduce((total, file) => total + gzipped(file), 0);

const rows = [
  ['initial JavaScript', sum(first, script), LIMITS.initial],
  [
    'first load (page, style, script)',
    sum(first, script) +
      sum(first, styles) +
      ['index.html', 'theme.js', 'favicon.svg'].reduce((t, f) => t + gzipped(f), 0),
    LIMITS.firstLoad,
  ],
];
const lazy = Object.keys(manifest).filter((k) => !first.has(k) && manifest[k].file.endsWith('.js'));
const scene = lazy.filter((k) => SCENE.test(manifest[k].file));
rows.push(['all of 3D together', sum(scene, script), LIMITS.scene]);
for (const key of lazy.filter((k) => !scene.includes(k))) {
  const size = script(manifest[key]);
  if (size > 1) rows.push([manifest[key].file.replace(/^assets\//, ''), size, LIMITS.chunk]);
}

let failed = 0;
for (const [name, size, limit] of rows) {
  const over = size > limit;
  failed += over;
  console.log(`${over ? 'OVER ' : 'ok   '} ${size.toFixed(1).padStart(7)} of ${limit} kB  ${name}`);
}
process.exit(failed ? 1 : 0);
