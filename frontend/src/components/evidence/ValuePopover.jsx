import { useEffect, useLayoutEffect, useRef, useState } from 'react';

import { fullPrecision } from '../../lib/format.js';
import { outputsOf } from '../../lib/schemas.js';
import { agrees, checksOf, lookUp, placeName, statementsOf } from '../../lib/places.js';
import { useApp } from '../../lib/store.js';
import { CopyButton } from '../markdown/CodeBlock.jsx';
import { Badge, Button } from '../ui.jsx';

const WIDTH = 352;

/** What made a number: operation, statement, full precision, and its second computation. */
export default function ValuePopover({
  href,
  shown,
  anchor,
  answer,
  program,
  onClose,
  onRunProgram,
}) {
  const ref = useRef(null);
  useAnchored(ref, anchor, onClose);
  const place = lookUp(answer.results, href);
  const verified = agrees(shown, place.value);
  return (
    <div
      ref={ref}
      role="dialog"
      aria-label={`What made ${shown}`}
      tabIndex={-1}
      className="absolute z-30 rounded-lg border border-line bg-panel text-sm shadow-float outline-none"
      style={{ width: `min(${WIDTH}px, calc(100vw - 1.5rem))` }}
    >
      {verified ? (
        <Traced place={place} answer={answer} program={program} onRunProgram={onRunProgram} />
      ) : (
        <Untraced shown={shown} place={place} />
      )}
    </div>
  );
}

function Traced({ place, answer, program, onRunProgram }) {
  const { result, key, value, table } = place;
  const go = useApp((s) => s.go);
  const checks = checksOf(answer.audit, place);
  const meaning = useMeaning(result.operation, key);
  const statement = statementsOf(program, result.name);
  const unit = table ? '' : (result.units?.[key] ?? '');
  return (
    <div className="flex flex-col divide-y divide-line">
      <div className="flex items-start justify-between gap-2 p-3">
        <div className="min-w-0">
          <p className="font-mono text-base font-semibold break-all">
            {fullPrecision(value)} {unit}
          </p>
          <p className="text-ink-2">{meaning || placeName(place)}</p>
        </div>
        <CopyButton text={fullPrecision(value)} label="Copy in full precision" />
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 p-3 text-xs">
        <dt className="text-muted">Place</dt>
        <dd className="font-mono">{placeName(place)}</dd>
        <dt className="text-muted">Operation</dt>
        <dd>
          <button
            type="button"
            className="font-mono text-accent underline underline-offset-2"
            onClick={() => go('operations', result.operation)}
          >
            {result.operation}
          </button>
        </dd>
        <dt className="text-muted">Re-computed</dt>
        <dd>
          <Recomputation checks={checks} table={table} />
        </dd>
      </dl>
      {statement && (
        <div className="p-3">
          <p className="engraved mb-1">Inputs</p>
          <pre className="max-h-32 overflow-auto rounded bg-sunken p-2 font-mono text-xs whitespace-pre-wrap">
            {statement}
          </pre>
          <Button tone="quiet" className="mt-1.5" onClick={onRunProgram}>
            Open the program
          </Button>
        </div>
      )}
    </div>
  );
}

function Recomputation({ checks, table }) {
  if (!checks.length) {
    return (
      <span className="text-muted">
        {table ? 'audited with its operation’s values' : 'no second route is known for this one'}
      </span>
    );
  }
  const failed = checks.filter((c) => !c.passed);
  const first = failed[0] ?? checks[0];
  return (
    <span className="flex flex-col gap-0.5">
      <span>
        <Badge tone={failed.length ? 'bad' : 'good'}>{failed.length ? 'differs' : 'agrees'}</Badge>
        {checks.length > 1 && <span className="ml-1.5 text-muted">{checks.length} checks</span>}
      </span>
      <span className="font-mono break-all">{fullPrecision(first.recomputed)}</span>
      <span className="text-muted">
        by another route; tolerance {fullPrecision(first.tolerance)}
      </span>
    </span>
  );
}

function Untraced({ shown, place }) {
  const there = place.value !== undefined;
  return (
    <div className="flex flex-col gap-2 p-3">
      <p>
        <Badge tone="bad">unverified</Badge>
      </p>
      <p>
        {there
          ? `The text shows ${shown}, but the place that it names holds ${fullPrecision(place.value)}.`
          : `No result of this answer holds ${shown} at the place that the text names.`}
      </p>
      <p className="text-ink-2">Do not rely on it: the text cannot vouch for itself.</p>
    </div>
  );
}

function useMeaning(operation, key) {
  const [meaning, setMeaning] = useState('');
  useEffect(() => {
    let current = true;
    outputsOf(operation).then(
      (outputs) => current && setMeaning(outputs[key]?.split(';')[0] ?? ''),
    );
    return () => {
      current = false;
    };
  }, [operation, key]);
  return meaning;
}

/** Beside its anchor, inside the page; focus goes in and comes back; Escape and a click beside close. */
function useAnchored(ref, anchor, onClose) {
  useLayoutEffect(() => {
    const box = ref.current;
    const holder = box.offsetParent ?? document.body;
    const at = anchor.getBoundingClientRect();
    const frame = holder.getBoundingClientRect();
    const width = box.offsetWidth;
    const left = Math.min(Math.max(at.left, 12), window.innerWidth - width - 12);
    box.style.left = `${left - frame.left}px`;
    const below =
      at.bottom + box.offsetHeight + 12 < window.innerHeight || at.top < box.offsetHeight + 80;
    const top = below ? at.bottom + 6 : at.top - box.offsetHeight - 6;
    box.style.top = `${top - frame.top}px`;
    box.focus({ preventScroll: true });
  }, [ref, anchor]);
  useEffect(() => {
    const box = ref.current;
    const holder = box.closest('article') ?? document;
    const outside = (event) => {
      if (!box.contains(event.target) && event.target !== anchor) onClose();
    };
    const key = (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      const place = anchor.getAttribute('href');
      const back = anchor.isConnected ? anchor : holder.querySelector(`a[href="${place}"]`);
      onClose();
      back?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', key, true);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', key, true);
    };
  }, [ref, anchor, onClose]);
}
