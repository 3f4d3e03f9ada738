import { Suspense, lazy } from 'react';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';

import { mathDelimiters } from '../../lib/blocks.js';
import { MarkdownTable } from './MarkdownTable.jsx';
import { CitationLink, ValueLink } from './links.jsx';

const Tex = lazy(() => import('./Tex.jsx'));

const PLUGINS = [remarkGfm, [remarkMath, { singleDollarTextMath: false }]];
const SAFE_IMAGE = /^(\.?\/files\/|data:image\/png;base64,)/;

/** Only what can do no harm: a page elsewhere, a letter, a place on this page, an own picture. */
export function safeUrl(url, key) {
  if (key === 'src') return SAFE_IMAGE.test(url) ? url : '';
  return /^(https?:|mailto:|#)/i.test(url) ? url : '';
}

/** One block of Markdown. HTML in it is dropped, never rendered. */
export default function Markdown({ text }) {
  return (
    <ReactMarkdown skipHtml remarkPlugins={PLUGINS} urlTransform={safeUrl} components={COMPONENTS}>
      {mathDelimiters(text)}
    </ReactMarkdown>
  );
}

const COMPONENTS = {
  a: Link,
  img: Picture,
  code: Code,
  pre: ({ children }) => children,
  table: MarkdownTable,
  input: ({ checked }) => <span aria-hidden="true">{checked ? '☑' : '☐'}</span>,
};

function Link({ href = '', children }) {
  if (href.startsWith('#v:')) return <ValueLink href={href}>{children}</ValueLink>;
  if (href.startsWith('#c:')) return <CitationLink href={href}>{children}</CitationLink>;
  if (!href || href.startsWith('#')) return <span>{children}</span>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-accent underline decoration-1 underline-offset-2"
    >
      {children}
      <span className="ml-1 text-xs text-muted">({hostOf(href)})</span>
    </a>
  );
}

function hostOf(href) {
  try {
    const url = new URL(href);
    return url.protocol === 'mailto:' ? 'mail' : url.host;
  } catch {
    return 'link';
  }
}

/** A remote picture would tell its server that, and when, the answer is read. */
function Picture({ src, alt }) {
  if (!src) return <span className="text-muted">[image blocked{alt ? `: ${alt}` : ''}]</span>;
  return <img src={src} alt={alt ?? ''} className="max-w-full" />;
}

function Code({ className = '', children }) {
  const text = String(children ?? '').replace(/\n$/, '');
  const display = className.includes('math-display');
  if (display || className.includes('math-inline')) {
    const source = <code className="font-mono text-[0.9em]">{text}</code>;
    return (
      <Suspense fallback={source}>
        <Tex source={text} display={display} />
      </Suspense>
    );
  }
  return <code className="rounded bg-sunken px-1 py-px font-mono text-[0.88em]">{children}</code>;
}
