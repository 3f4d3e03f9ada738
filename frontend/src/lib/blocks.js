/**
 * Cuts Markdown into top-level blocks, so that while text streams in only the last block is
 * rendered again: a block that is followed by another never changes.
 *
 * A block is `{ kind, text, ... }`: `markdown`, `code` (`lang`, `closed`), `math` (`closed`),
 * `figure` (`ref`, from a line `[[figure:r2.1]]`) or `heading` (`level`, `title`).
 */

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)/;
const FIGURE = /^\[\[figure:([\w.]+)\]\]\s*$/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const LIST = /^ {0,3}([-*+]|\d{1,9}[.)])\s/;
const MATH = [
  { open: /^ {0,3}\$\$\s*$/, close: /^ {0,3}\$\$\s*$/ },
  { open: /^ {0,3}\\\[\s*$/, close: /^ {0,3}\\\]\s*$/ },
];

export function splitBlocks(text) {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const blocks = [];
  let current = [];
  let gap = 0; // blank lines since the last line of `current`

  const close = () => {
    if (current.length) blocks.push({ kind: 'markdown', text: current.join('\n') });
    current = [];
    gap = 0;
  };

  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line.trim() === '') {
      gap += 1;
      continue;
    }
    const inList = current.length > 0 && LIST.test(current[0]);
    const continued = inList && (/^\s{2,}/.test(line) || LIST.test(line));
    if (gap && current.length) {
      if (continued) current.push(...Array(gap).fill(''));
      else close();
      gap = 0;
    }
    if (continued) {
      current.push(line);
      continue;
    }
    const special = opening(lines, i);
    if (special) {
      close();
      blocks.push(special.block);
      i = special.last;
      continue;
    }
    current.push(line);
  }
  close();
  return blocks.map((block, at) => ({ ...block, at }));
}

function opening(lines, at) {
  const figure = FIGURE.exec(lines[at]);
  if (figure) return { block: { kind: 'figure', ref: figure[1], text: lines[at] }, last: at };
  const heading = HEADING.exec(lines[at]);
  if (heading) {
    const block = { kind: 'heading', level: heading[1].length, title: heading[2], text: lines[at] };
    return { block, last: at };
  }
  const fence = FENCE.exec(lines[at]);
  if (fence) {
    const mark = new RegExp(`^ {0,3}${fence[1][0]}{${fence[1].length},}\\s*$`);
    const { body, closed, last } = until(lines, at, mark);
    return { block: { kind: 'code', lang: fence[2], closed, text: body }, last };
  }
  const math = MATH.find((m) => m.open.test(lines[at]));
  if (math) {
    const { body, closed, last } = until(lines, at, math.close);
    return { block: { kind: 'math', closed, text: body }, last };
  }
  return null;
}

function until(lines, at, mark) {
  const body = [];
  for (let i = at + 1; i < lines.length; i++) {
    if (mark.test(lines[i])) return { body: body.join('\n'), closed: true, last: i };
    body.push(lines[i]);
  }
  return { body: body.join('\n'), closed: false, last: lines.length };
}

/**
 * `\(..\)` and `\[..\]` as the dollars that remark-math reads; code spans are left alone. A single
 * dollar is money.
 */
export function mathDelimiters(text) {
  return text.replace(
    /(`+)[\s\S]*?\1|\\\(([\s\S]+?)\\\)|\\\[([\s\S]+?)\\\]/g,
    (whole, _ticks, inline, display) => {
      if (inline !== undefined) return `$$${inline}$$`;
      if (display !== undefined) return `$$${display.trim()}$$`;
      return whole;
    },
  );
}

/** Sections that the page shows in a better way than as text: under their level-3 heading. */
export function withoutSections(blocks, titles) {
  const kept = [];
  let hidden = false;
  for (const block of blocks) {
    if (block.kind === 'heading' && block.level <= 3)
      hidden = titles.has(block.title.toLowerCase());
    if (!hidden) kept.push(block);
  }
  return kept;
}

/**
 * Within each section the figures go before its tables, after the paragraph that concludes: people
 * look at the chart before they read the rows. Each block keeps its `at`, so none is made anew.
 */
export function figuresFirst(blocks) {
  const sections = [[]];
  for (const block of blocks) {
    if (block.kind === 'heading') sections.push([]);
    sections.at(-1).push(block);
  }
  return sections.flatMap((section) => {
    const figures = section.filter((b) => b.kind === 'figure');
    if (!figures.length) return section;
    const rest = section.filter((b) => b.kind !== 'figure');
    const table = rest.findIndex(
      (b) => b.kind === 'markdown' && /^\s*(\||\*\*.*\*\*\s*$)/.test(b.text),
    );
    const place = table < 0 ? rest.length : table;
    return [...rest.slice(0, place), ...figures, ...rest.slice(place)];
  });
}
