import { Fragment } from 'react';

import { highlighted } from './highlight.js';

const MAX_HIGHLIGHTED = 20_000;

const COLOURS = {
  'hljs-comment': 'text-muted italic',
  'hljs-string': 'text-data-3',
  'hljs-number': 'text-data-2',
  'hljs-title': 'text-data-1 font-medium',
  'hljs-built_in': 'text-data-1',
  'hljs-keyword': 'text-data-4 font-medium',
  'hljs-attr': 'text-data-5',
  'hljs-literal': 'text-data-4',
  'hljs-variable': 'text-ink font-medium',
  'hljs-operator': 'text-muted',
};

/** Code with its colours. */
export default function CodeText({ lang, text }) {
  const tree = text.length <= MAX_HIGHLIGHTED ? highlighted(lang, text) : null;
  return tree ? tree.children.map((node, i) => <Part key={i} node={node} />) : text;
}

function Part({ node }) {
  if (node.type === 'text') return <Fragment>{node.value}</Fragment>;
  const classes = (node.properties?.className ?? []).map((c) => COLOURS[c] ?? '').join(' ');
  return (
    <span className={classes}>
      {node.children.map((child, i) => (
        <Part key={i} node={child} />
      ))}
    </span>
  );
}
