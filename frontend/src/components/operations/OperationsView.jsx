/** The operations browser: find one, read it, fill it in, see its program, run it. */
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';

import { explained } from '../../lib/explain.js';
import { search, searchIndex } from '../../lib/operations/search.js';
import { allOperations } from '../../lib/schemas.js';
import { useApp } from '../../lib/store.js';
import { Button, Icon, Waiting, inputClass } from '../ui.jsx';
import OperationPage from './OperationPage.jsx';

export default function OperationsView() {
  const open = useApp((s) => s.rest);
  const go = useApp((s) => s.go);
  const [state, retry] = useOperations();
  if (state.error)
    return (
      <div className="flex flex-col items-start gap-3 p-6">
        <h1 className="text-lg font-semibold">Operations</h1>
        <p role="alert" className="text-bad">
          {state.error}
        </p>
        <Button onClick={retry}>Try again</Button>
      </div>
    );
  if (!state.list) return <Waiting label="Loading the operations" />;
  const operation = state.list.find((o) => o.name === open);
  return (
    <div className="flex h-full min-h-0">
      <Finder
        list={state.list}
        open={open}
        hidden={Boolean(operation)}
        onOpen={(name) => go('operations', name)}
      />
      <div
        className={`min-h-0 min-w-0 flex-1 overflow-y-auto ${operation ? '' : 'hidden md:block'}`}
      >
        {operation ? (
          <OperationPage
            key={operation.name}
            operation={operation}
            onBack={() => go('operations')}
          />
        ) : (
          <Start list={state.list} missing={open} onOpen={(name) => go('operations', name)} />
        )}
      </div>
    </div>
  );
}

function useOperations() {
  const [state, setState] = useState({ list: null, error: null });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let wanted = true;
    allOperations().then(
      (list) => wanted && setState({ list, error: null }),
      (error) => wanted && setState({ list: null, error: explained(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [attempt]);
  return [state, () => setAttempt((n) => n + 1)];
}

/** What people come for most, a few of each family; the rest is on the left and in the search. */
const SHOWN = [
  'doe.full_factorial doe.fractional_factorial doe.box_behnken doe.analyse',
  'spc.i_mr spc.xbar_r spc.p spc.ewma',
  'quality.capability quality.gage_rr quality.sampling_plan quality.weibull_fit',
  'stats.t_test_two stats.anova stats.regression stats.normality',
  'maths.integrate maths.solve maths.minimise maths.convert_units',
  'table.filter table.group table.derive table.pivot',
].map((names) => names.split(' '));

function Start({ list, missing, onOpen }) {
  const groups = SHOWN.map((names) => names.map((n) => list.find((o) => o.name === n)))
    .map((found) => found.filter(Boolean))
    .filter((found) => found.length);
  return (
    <div className="mx-auto flex max-w-4xl flex-col gap-4 p-8">
      <h1 className="text-lg font-semibold">Operations</h1>
      {missing && (
        <p role="alert" className="text-bad">
          There is no operation “{missing}”.
        </p>
      )}
      <p className="max-w-prose text-ink-2">
        {list.length} operations, each computed twice by different routes. Search by what you call
        it, such as “Cpk”, “control chart of averages” or “which factors matter”, or start here.
      </p>
      <div className="grid gap-3 lg:grid-cols-2">
        {groups.map((found) => (
          <section
            key={found[0].family}
            aria-label={found[0].family_title}
            className="rounded-md border border-line bg-panel p-3"
          >
            <h2 className="engraved mb-1">{found[0].family_title ?? found[0].family}</h2>
            <ul>
              {found.map((o) => (
                <li key={o.name}>
                  <OperationLink operation={o} onOpen={onOpen} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}

function OperationLink({ operation, open, onOpen }) {
  return (
    <a
      href={`#/operations/${encodeURIComponent(operation.name)}`}
      aria-current={operation.name === open ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        onOpen(operation.name);
      }}
      className="block rounded-md px-2 py-1.5 hover:bg-sunken aria-[current]:bg-accent-soft"
    >
      <span className="block font-mono text-xs">{operation.name}</span>
      <span className="block text-xs text-muted">{operation.summary}</span>
    </a>
  );
}

function Finder({ list, open, hidden, onOpen }) {
  const [text, setText] = useState('');
  const asked = useDeferredValue(text);
  const index = useMemo(() => searchIndex(list), [list]);
  const found = useMemo(() => search(index, asked), [index, asked]);
  const nav = useRef(null);
  const groups = useMemo(
    () => (asked.trim() ? [['Best matches', found]] : byFamily(found)),
    [asked, found],
  );
  /** From the search field ArrowDown goes into the list; there the arrows move. */
  const onKeyDown = (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const links = [...nav.current.querySelectorAll('a, input')].filter(
      (e) => e.offsetParent !== null,
    );
    const at = links.indexOf(document.activeElement);
    const next = links[at + (event.key === 'ArrowDown' ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows move among its links
    <nav
      ref={nav}
      aria-label="Operations"
      onKeyDown={onKeyDown}
      className={`no-print min-h-0 w-full shrink-0 flex-col border-r border-line bg-panel md:flex md:w-72 ${hidden ? 'hidden' : 'flex'}`}
    >
      <div className="border-b border-line p-3">
        <h1 className="mb-2 text-lg font-semibold md:hidden">Operations</h1>
        <label className="relative block">
          <span className="sr-only">Search the operations</span>
          <Icon name="search" className="pointer-events-none absolute top-2 left-2 text-muted" />
          <input
            type="search"
            className={`${inputClass} pl-8`}
            placeholder={`Search ${list.length} operations`}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && found[0] && onOpen(found[0].name)}
          />
        </label>
        <p role="status" className="sr-only">
          {asked.trim() ? `${found.length} found` : ''}
        </p>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        {found.length === 0 && (
          <p className="p-2 text-sm text-muted">Nothing is called “{asked}”.</p>
        )}
        {groups.map(([title, members]) => (
          <Group
            key={title}
            title={title}
            members={members}
            open={open}
            onOpen={onOpen}
            flat={Boolean(asked.trim())}
          />
        ))}
      </div>
    </nav>
  );
}

function byFamily(list) {
  const groups = new Map();
  for (const o of list) {
    const title = o.family_title ?? o.family;
    groups.set(title, [...(groups.get(title) ?? []), o]);
  }
  return [...groups];
}

function Group({ title, members, open, onOpen, flat }) {
  const holds = members.some((o) => o.name === open);
  return (
    <details open={flat || holds || undefined} className="mb-1">
      <summary className="engraved rounded px-2 py-1.5">
        {title} <span className="tabular-nums">{members.length}</span>
      </summary>
      <ul>
        {members.map((o) => (
          <li key={o.name}>
            <OperationLink operation={o} open={open} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </details>
  );
}
