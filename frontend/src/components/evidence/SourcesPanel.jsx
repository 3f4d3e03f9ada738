import { useState } from 'react';

import { passage } from '../../lib/api.js';
import MarkdownMessage from '../MarkdownMessage.jsx';
import { Button, Dialog } from '../ui.jsx';

/** The passages that were found for the question; each opens in full. */
export default function SourcesPanel({ citations, onOpen }) {
  if (!citations.length)
    return <p className="text-sm text-muted">No passage of the library was used.</p>;
  return (
    <ol className="flex flex-col divide-y divide-line">
      {citations.map((c) => (
        <li key={c.n} className="flex gap-3 py-2">
          <span className="mt-0.5 h-5 rounded bg-accent-soft px-1.5 font-mono text-xs text-accent">
            {c.n}
          </span>
          <div className="min-w-0">
            <button
              type="button"
              className="text-left font-medium text-accent underline underline-offset-2"
              onClick={() => onOpen(c.n)}
            >
              {c.title}
            </button>
            <p className="text-xs text-muted">{c.source}</p>
            <p className="line-clamp-2 text-sm text-ink-2">{excerpt(c.text)}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}

/** The words of a passage, without its programs. */
const excerpt = (text) =>
  (text ?? '')
    .replace(/```[\s\S]*?(```|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** A passage in full; the answer carries it, and the server has the rest of its page. */
export function PassageDialog({ citation, onClose }) {
  const [state, setState] = useState({ text: citation.text, told: '' });
  const fetchWhole = async () => {
    try {
      const found = await passage(citation.id);
      setState({ text: found.text, told: '' });
    } catch (error) {
      setState((s) => ({ ...s, told: error.message }));
    }
  };
  return (
    <Dialog title={citation.title} onClose={onClose}>
      <div className="flex flex-col gap-3">
        <p className="text-xs text-muted">{citation.source}</p>
        <div className="border-l-2 border-accent pl-3">
          <MarkdownMessage text={state.text ?? ''} />
        </div>
        {!citation.text && <Button onClick={fetchWhole}>Load the passage</Button>}
        {state.told && (
          <p role="alert" className="text-sm text-bad">
            {state.told}
          </p>
        )}
        {typeof citation.score === 'number' && (
          <p className="font-mono text-xs text-muted">relevance {citation.score}</p>
        )}
      </div>
    </Dialog>
  );
}
