import { Suspense, lazy, useState } from 'react';

import { copyText } from '../../lib/exporting.js';
import { IconButton } from '../ui.jsx';

const CodeText = lazy(() => import('./CodeText.jsx'));

/** A fenced block; colours come when the fence is closed, so that they are computed once. */
export default function CodeBlock({ lang, text, closed = true, actions = null }) {
  return (
    <div className="my-2 overflow-hidden rounded-md border border-line bg-raised">
      <div className="flex min-h-8 items-center justify-between gap-2 border-b border-line bg-sunken/60 pr-0.5 pl-3">
        <span className="engraved">{lang || 'text'}</span>
        <span className="flex items-center gap-1">
          {actions}
          <CopyButton text={text} label="Copy code" />
        </span>
      </div>
      {/* Focusable, so that the keyboard can scroll it. */}
      <pre tabIndex={0} className="overflow-x-auto p-3 font-mono text-[0.78rem] leading-5">
        <code>
          {closed ? (
            <Suspense fallback={text}>
              <CodeText lang={lang} text={text} />
            </Suspense>
          ) : (
            text
          )}
        </code>
      </pre>
    </div>
  );
}

/** Copies and says so for a moment. */
export function CopyButton({ text, label, className }) {
  const [state, setState] = useState('');
  const copy = async () => {
    const content = typeof text === 'function' ? text() : text;
    setState((await copyText(content)) ? 'done' : 'failed');
    setTimeout(() => setState(''), 1500);
  };
  const told = { done: 'Copied', failed: 'The browser refuses to copy' }[state];
  return (
    <span className="inline-flex items-center">
      <IconButton
        icon={state === 'done' ? 'check' : 'copy'}
        label={told ?? label}
        className={className}
        onClick={copy}
      />
      <span className="sr-only" role="status">
        {told ?? ''}
      </span>
    </span>
  );
}
