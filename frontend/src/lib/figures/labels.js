// Names beside points without one lying over another.

const WIDTH = 0.56; // mean width of a character, in font sizes

/** Room a text takes, in pixels. */
export const textWidth = (text, size = 11) => String(text).length * size * WIDTH;

const overlap = (a, b) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;

function spots(x, y, w, size, gap) {
  const middle = y + size * 0.35;
  return [
    { x: x + gap, y: middle, anchor: 'start' },
    { x: x - gap, y: middle, anchor: 'end' },
    { x, y: y - gap, anchor: 'middle' },
    { x, y: y + gap + size * 0.8, anchor: 'middle' },
    { x: x + gap, y: y - gap, anchor: 'start' },
    { x: x - gap, y: y - gap, anchor: 'end' },
    { x: x + gap, y: y + gap + size * 0.8, anchor: 'start' },
    { x: x - gap, y: y + gap + size * 0.8, anchor: 'end' },
    { x, y: y - gap - size * 1.2, anchor: 'middle' },
    { x, y: y - gap - size * 2.4, anchor: 'middle' },
  ].map((spot) => {
    const left =
      spot.anchor === 'start' ? spot.x : spot.anchor === 'end' ? spot.x - w : spot.x - w / 2;
    return {
      ...spot,
      box: { x0: left - 1, x1: left + w + 1, y0: spot.y - size * 0.85, y1: spot.y + size * 0.25 },
    };
  });
}

/**
 * Place the texts of `items` ({x, y, text}, most important first) inside `frame` ({x0, x1, y0, y1}).
 * Points (also those without a name, in `marks`) are kept free. Those without room are left out.
 */
export function placeLabels(items, frame, { size = 11, marks = [], gap = 7, prefer } = {}) {
  const taken = marks.map(({ x, y }) => ({ x0: x - 3, x1: x + 3, y0: y - 3, y1: y + 3 }));
  const placed = [];
  for (const item of items) {
    const w = textWidth(item.text, size);
    let choices = spots(item.x, item.y, w, size, gap);
    if (prefer)
      choices = [...choices.filter((c) => prefer(c)), ...choices.filter((c) => !prefer(c))];
    const free = choices.find(
      ({ box }) =>
        box.x0 >= frame.x0 &&
        box.x1 <= frame.x1 &&
        box.y0 >= frame.y0 &&
        box.y1 <= frame.y1 &&
        !taken.some((t) => overlap(t, box)),
    );
    if (!free) continue;
    taken.push(free.box);
    placed.push({ ...item, lx: free.x, ly: free.y, anchor: free.anchor });
  }
  return placed;
}

/** Move the heights of labels apart by at least `gap`, keeping their order and the frame. */
export function spread(items, [low, high], gap = 13) {
  const sorted = items.map((item, i) => ({ ...item, i })).sort((a, b) => a.y - b.y);
  let last = -Infinity;
  for (const item of sorted) {
    item.ly = Math.max(item.y, last + gap);
    last = item.ly;
  }
  let next = Infinity;
  for (const item of sorted.reverse()) {
    item.ly = Math.max(low, Math.min(item.ly, high, next - gap));
    next = item.ly;
  }
  return sorted.sort((a, b) => a.i - b.i);
}

/** Every how many-th name fits on an axis of `width` pixels. */
export function everyNth(texts, width, size = 11, gap = 8) {
  const widest = Math.max(1, ...texts.map((t) => textWidth(t, size)));
  const room = width / Math.max(1, texts.length);
  const n = Math.max(1, Math.ceil((widest + gap) / room));
  return [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000].find((v) => v >= n) ?? n;
}

/** Break a name into at most `lines` lines of `most` characters. */
export function wrap(text, most, lines = 2) {
  const words = String(text).split(/\s+/);
  const out = [''];
  for (const word of words) {
    const joined = `${out.at(-1)} ${word}`.trim();
    if (joined.length <= most || !out.at(-1)) out[out.length - 1] = joined;
    else out.push(word);
  }
  const kept = out.slice(0, lines);
  if (out.length > lines) kept[lines - 1] = `${kept[lines - 1]}…`;
  return kept.map((l) => (l.length > most + 2 ? `${l.slice(0, Math.max(1, most))}…` : l));
}
