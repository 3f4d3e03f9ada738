import { Suspense, lazy, memo, useMemo } from 'react';

import { figuresFirst, splitBlocks, withoutSections } from '../lib/blocks.js';
import { withoutLinks } from '../lib/places.js';
import CodeBlock from './markdown/CodeBlock.jsx';
import { useAnswer } from './markdown/context.js';
import { Waiting } from './ui.jsx';

const Markdown = lazy(() => import('./markdown/Markdown.jsx'));
const Tex = lazy(() => import('./markdown/Tex.jsx'));

const NONE = new Set();

/**
 * Markdown that may still be growing. Each block is memoised by its own text, so that of a text
 * that streams in only the last one is rendered again.
 *
 * @param hidden titles (lower case) of level-3 sections that the page shows in another way
 * @param finished no more text comes: figures may go before the tables
 */
export default function MarkdownMessage({ text, hidden = NONE, finished = false }) {
  const blocks = useMemo(() => {
    const kept = withoutSections(splitBlocks(text), hidden);
    return finished ? figuresFirst(kept) : kept;
  }, [text, hidden, finished]);
  return (
    <div className="havoc-prose">
      {blocks.map((block) => (
        <Block
          key={block.at}
          kind={block.kind}
          text={block.text}
          lang={block.lang}
          closed={block.closed}
          reference={block.ref}
        />
      ))}
    </div>
  );
}

/** How often each block was rendered, for the test that finished ones are not rendered again. */
export const renders = { count: 0 };

const Block = memo(function Block({ kind, text, lang, closed, reference }) {
  renders.count += 1;
  if (kind === 'code') return <CodeBlock lang={lang} text={text} closed={closed} />;
  if (kind === 'figure') return <Placed reference={reference} />;
  if (kind === 'math') {
    const source = <pre className="font-mono text-xs whitespace-pre-wrap">{text}</pre>;
    return closed ? (
      <Suspense fallback={source}>
        <Tex source={text} display />
      </Suspense>
    ) : (
      source
    );
  }
  return (
    <Suspense fallback={<Unread text={text} />}>
      <Markdown text={text} />
    </Suspense>
  );
});

/** What stands there until the chunk that reads Markdown has come: its words, no marks. */
function Unread({ text }) {
  if (/^\s*\|/.test(text)) return <Waiting label="Loading the table" />;
  return (
    <p data-waiting className="whitespace-pre-wrap">
      {withoutLinks(text).replace(/\*\*|^#+ /gm, '')}
    </p>
  );
}

function Placed({ reference }) {
  const context = useAnswer();
  return context?.figure(reference) ?? <p className="text-muted">[figure {reference}]</p>;
}
