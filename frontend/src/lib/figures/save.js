// A chart as a file: SVG with its colours written in, PNG, or CSV of its data.
import { download, fileName, toCsv } from '../exporting.js';
import { figureRows } from './rows.js';

const PROPERTIES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
  'dominant-baseline',
  'paint-order',
  'visibility',
];
const DEFAULTS = {
  opacity: '1',
  'fill-opacity': '1',
  'stroke-opacity': '1',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'font-style': 'normal',
  'paint-order': 'normal',
  visibility: 'visible',
  'stroke-dasharray': 'none',
  'dominant-baseline': 'auto',
};

/** The SVG text of a drawn chart, as `svgCopy` makes it. */
export const svgText = (svg, title, background) =>
  new XMLSerializer().serializeToString(svgCopy(svg, title, background));

/** A drawn chart that stands alone: styles of the page become attributes, controls are left out. */
export function svgCopy(svg, title, background) {
  const copy = svg.cloneNode(true);
  const live = [svg, ...svg.querySelectorAll('*')];
  const dead = [copy, ...copy.querySelectorAll('*')];
  live.forEach((element, i) => {
    const style = getComputedStyle(element);
    const target = dead[i];
    for (const name of PROPERTIES) {
      const value = style.getPropertyValue(name);
      if (value && value !== DEFAULTS[name]) target.setAttribute(name, value);
    }
    for (const name of [
      'class',
      'tabindex',
      'style',
      'role',
      'aria-selected',
      'aria-hidden',
      'aria-activedescendant',
    ])
      target.removeAttribute(name);
  });
  copy.querySelectorAll('[data-control]').forEach((element) => element.remove());
  const { width, height } = size(svg);
  copy.setAttribute('width', width);
  copy.setAttribute('height', height + 26);
  copy.setAttribute('viewBox', `0 -26 ${width} ${height + 26}`);
  const paper = document.createElementNS(copy.namespaceURI, 'rect');
  for (const [k, v] of Object.entries({
    x: 0,
    y: -26,
    width,
    height: height + 26,
    fill: background,
  }))
    paper.setAttribute(k, v);
  copy.prepend(paper);
  const words = document.createElementNS(copy.namespaceURI, 'text');
  const ink = getComputedStyle(svg).getPropertyValue('color') || '#222';
  for (const [k, v] of Object.entries({
    x: 8,
    y: -9,
    fill: ink,
    'font-size': 13,
    'font-weight': 600,
    'font-family': 'system-ui, sans-serif',
  }))
    words.setAttribute(k, v);
  words.textContent = title;
  copy.append(words);
  return copy;
}

const size = (svg) => {
  const [, , width, height] = (svg.getAttribute('viewBox') ?? '0 0 640 400')
    .split(/\s+/)
    .map(Number);
  return { width, height };
};

/** A PNG of an SVG text, at `scale` pixels a unit. */
export async function png(text, scale = 2) {
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new Error('the browser could not draw this chart as an image'));
      image.src = url;
    });
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The CSV text of a figure's data. */
export function figureCsv(figure, options) {
  const { columns, rows } = figureRows(figure);
  return toCsv(columns, rows, options);
}

/**
 * Put a drawn figure on the clipboard as an image, several panels one below the other; throws where
 * the browser does not let the page.
 */
export async function copyFigure(figure, svgs, background) {
  if (!navigator.clipboard?.write || typeof ClipboardItem === 'undefined') {
    throw new Error('this browser copies no images from here; PNG saves one');
  }
  const image = stacked(svgs.map((s) => svgText(s, s.dataset.title ?? figure.title, background)));
  try {
    // the promise goes in as it is: some browsers allow no waiting before the call
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': image })]);
  } catch (problem) {
    if (problem.name !== 'NotAllowedError') throw problem;
    throw new Error('the browser refuses to copy; PNG saves the image', { cause: problem });
  }
}

async function stacked(texts) {
  if (texts.length === 1) return png(texts[0]);
  const parts = await Promise.all(texts.map(async (t) => createImageBitmap(await png(t))));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(...parts.map((p) => p.width));
  canvas.height = parts.reduce((sum, p) => sum + p.height, 0);
  const context = canvas.getContext('2d');
  let top = 0;
  for (const part of parts) {
    context.drawImage(part, 0, top);
    top += part.height;
  }
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

/** Save a drawn figure in a format. */
export async function saveFigure(format, figure, svgs, background) {
  const name = (extension, part = '') => fileName(`${figure.title}${part}`, extension);
  if (format === 'csv') {
    download(name('csv'), figureCsv(figure), 'text/csv');
    return;
  }
  for (const [i, svg] of svgs.entries()) {
    const text = svgText(svg, svg.dataset.title ?? figure.title, background);
    const part = svgs.length > 1 ? ` ${i + 1}` : '';
    if (format === 'svg') download(name('svg', part), text, 'image/svg+xml');
    else download(name('png', part), await png(text), 'image/png');
  }
}
