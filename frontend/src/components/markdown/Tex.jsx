import katex from 'katex';
import 'katex/dist/katex.min.css';
import { useLayoutEffect, useRef, useState } from 'react';

const MAX_SOURCE = 4000;

/**
 * A formula. KaTeX builds DOM nodes (no HTML text); what it cannot read is shown as it was written,
 * because its own error display sets a style attribute, which the page's policy forbids.
 */
export default function Tex({ source, display = false }) {
  const ref = useRef(null);
  const [failed, setFailed] = useState(null);
  useLayoutEffect(() => {
    const node = ref.current;
    if (!node || source.length > MAX_SOURCE) return;
    try {
      katex.render(source, node, {
        displayMode: display,
        throwOnError: true,
        trust: false,
        strict: 'ignore',
        maxExpand: 200,
        maxSize: 20,
        macros: {},
        output: 'htmlAndMathml',
      });
    } catch {
      setFailed(source);
    }
  }, [source, display]);
  if (failed === source || source.length > MAX_SOURCE) {
    return <code className="rounded bg-sunken px-1 font-mono text-[0.9em]">{source}</code>;
  }
  const Tag = display ? 'div' : 'span';
  return <Tag ref={ref} className={display ? 'my-3 overflow-x-auto overflow-y-hidden' : ''} />;
}
