import { agrees, lookUp } from '../../lib/places.js';
import { formatNumber, localised } from '../../lib/format.js';
import { useDigits } from '../../lib/store.js';
import { useAnswer } from './context.js';

const textOf = (children) =>
  Array.isArray(children) ? children.map(textOf).join('') : String(children ?? '');

/** A number of the answer: opens what made it. What no result vouches for is marked. */
export function ValueLink({ href, children }) {
  const context = useAnswer();
  const digits = useDigits();
  const shown = textOf(children);
  if (!context) return <span>{children}</span>;
  const { value } = lookUp(context.results, href);
  const verified = agrees(shown, value);
  const plain = verified && typeof value === 'number' && /^[-−\d.,e+]+$/i.test(shown);
  return (
    <a
      href={href}
      aria-haspopup="dialog"
      title={
        verified ? 'What made this number' : 'No result of this answer vouches for this number'
      }
      data-verified={verified}
      data-value={verified && typeof value === 'number' ? value : undefined}
      className={
        verified
          ? 'havoc-value'
          : 'rounded bg-bad-soft px-0.5 text-bad underline decoration-wavy decoration-1 underline-offset-2'
      }
      onClick={(event) => {
        event.preventDefault();
        context.showValue(href, shown, event.currentTarget);
      }}
    >
      {plain ? (digits ? formatNumber(value, digits) : localised(shown)) : children}
      {!verified && <span className="sr-only"> (unverified)</span>}
    </a>
  );
}

/** `[1]`: opens the passage it cites. */
export function CitationLink({ href, children }) {
  const context = useAnswer();
  const n = Number(href.slice(3));
  const citation = context?.citations.find((c) => c.n === n);
  if (!citation) return <span className="text-muted">{children}</span>;
  return (
    <a
      href={href}
      aria-label={`Source ${n}: ${citation.title}`}
      title={citation.title}
      className="mx-0.5 rounded bg-accent-soft px-1 text-xs font-medium text-accent no-underline"
      onClick={(event) => {
        event.preventDefault();
        context.showCitation(n);
      }}
    >
      {textOf(children).replace(/[[\]]/g, '')}
    </a>
  );
}
