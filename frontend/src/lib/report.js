/**
 * A conversation as a report: one HTML file with its text, tables and figures and what stands
 * behind each answer. It holds no script and fetches nothing.
 */
import { TONE_WORDS, assumptionsOf, auditCount } from './answer.js';
import { path } from './conversation.js';
import { svgCopy } from './figures/save.js';
import { madeBy } from './transcript.js';

const STYLE = `
body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color: #17201e; background: #fff;
  font: 15px/1.5 system-ui, sans-serif; }
h2 { border-left: 3px solid #0b5f62; padding-left: .75rem; font-size: 1.05rem; white-space: pre-wrap; }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
table { border-collapse: collapse; margin: .6rem 0; font-size: .87rem; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid #d3d8d2; padding: .2rem .7rem; text-align: left; vertical-align: baseline; }
.text-right { text-align: right; }
figure { margin: 1rem 0; break-inside: avoid; }
svg { max-width: 100%; height: auto; }
pre { background: #f2f4f1; padding: .6rem .8rem; white-space: pre-wrap; font-size: .8rem; }
footer, .quiet { color: #566360; font-size: .85rem; }
tr { break-inside: avoid; }`;

/** @param shown the element that shows the conversation: its figures are taken as they are drawn */
export function asReport(conversation, shown) {
  const page = document.implementation.createHTMLDocument(conversation.title || 'Conversation');
  const add = (tag, text, parent = page.body) => {
    const element = page.createElement(tag);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  };
  const charset = page.createElement('meta');
  charset.setAttribute('charset', 'utf-8');
  page.head.prepend(charset);
  page.documentElement.lang = 'en';
  add('h1', conversation.title || 'Conversation');
  add('p', new Date(conversation.updated).toLocaleString()).className = 'quiet';
  inLight(() => {
    for (const node of path(conversation)) {
      if (node.role === 'user') question(add, node);
      else answer(add, page, node, shown?.querySelector(`[data-node="${node.id}"]`));
    }
  });
  // eslint-disable-next-line no-restricted-properties -- read, of a document that is not shown
  const { outerHTML } = page.documentElement;
  // as text: the page's policy would refuse a style element, in another document too
  return `<!doctype html>\n${outerHTML.replace('</head>', `<style>${STYLE}</style></head>`)}\n`;
}

function question(add, node) {
  add('h2', node.text);
  const files = (node.attachments ?? []).map((a) => a.name).join(', ');
  if (files) add('p', `Files: ${files}`).className = 'quiet';
}

function answer(add, page, { answer: made }, article) {
  const section = add('section');
  const parts = article ? [...article.querySelectorAll('.havoc-prose, [data-revision]')] : [];
  // the text of an answer; not that of a passage which is open over it
  for (const part of parts.filter((p) => !p.closest('dialog'))) section.append(cleaned(page, part));
  const { passed, total } = auditCount(made.audit);
  if (total) add('p', `Audit: ${passed} of ${total} checks passed.`, section);
  const assumptions = assumptionsOf(made);
  if (assumptions.length) {
    add('h3', 'Assumptions', section);
    const list = add('ul', undefined, section);
    for (const a of assumptions)
      add('li', `${a.name}: ${TONE_WORDS[a.tone]}${a.detail ? ` (${a.detail})` : ''}`, list);
  }
  if (made.program) {
    add('h3', 'Program', section);
    add('pre', made.program.trim(), section);
  }
  if (made.provenance) add('footer', `Made by ${madeBy(made)}`, section);
}

/** A copy without what can only be used on the page; figures as pictures of their own. */
function cleaned(page, part) {
  const copy = page.importNode(part, true);
  const figures = [...part.querySelectorAll('figure')];
  [...copy.querySelectorAll('figure')].forEach((dead, i) =>
    dead.replaceWith(drawn(page, figures[i])),
  );
  for (const gone of copy.querySelectorAll('.no-print, .sr-only, .katex-html')) gone.remove();
  // what is a button or a link on the page is its words here
  for (const control of copy.querySelectorAll('button, summary, a:not([target])')) {
    const words = page.createElement(control.matches('summary') ? 'h3' : 'span');
    words.append(...control.childNodes);
    if (control.dataset.value) words.title = control.dataset.value;
    control.replaceWith(words);
  }
  const box = page.createElement('div');
  box.append(...copy.childNodes);
  for (const element of box.querySelectorAll(':not(svg, svg *, math, math *)')) {
    const right = element.classList.contains('text-right');
    for (const { name } of [...element.attributes])
      if (!['href', 'title', 'open', 'colspan', 'rowspan'].includes(name))
        element.removeAttribute(name);
    if (right) element.className = 'text-right';
  }
  return box;
}

function drawn(page, figure) {
  const frame = page.createElement('figure');
  const name = figure.querySelector('figcaption span')?.textContent ?? '';
  for (const svg of figure.querySelectorAll('svg.chart-svg'))
    frame.append(page.importNode(svgCopy(svg, svg.dataset.title ?? name, '#ffffff'), true));
  if (!frame.children.length) frame.textContent = name;
  return frame;
}

/** Figures take their colours from the page: for paper, from its light theme. */
function inLight(make) {
  const root = document.documentElement;
  const { theme } = root.dataset;
  root.dataset.theme = 'light';
  try {
    make();
  } finally {
    root.dataset.theme = theme;
  }
}
