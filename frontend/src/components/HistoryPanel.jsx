import { useLayoutEffect, useMemo, useRef, useState } from 'react';

import * as chat from '../lib/chat.js';
import { byAge, search } from '../lib/conversation.js';
import { useApp } from '../lib/store.js';
import { Button, Icon, IconButton, inputClass } from './ui.jsx';

/** Conversations of this browser: search, open, rename, delete. */
export default function HistoryPanel({ onOpened, searchRef }) {
  const summaries = chat.useChat((s) => s.summaries);
  const currentId = chat.useChat((s) => s.currentId);
  const kept = chat.useChat((s) => s.kept);
  const go = useApp((s) => s.go);
  const [query, setQuery] = useState('');
  const groups = useMemo(() => byAge(search(summaries, query)), [summaries, query]);
  const open = (id) => {
    go('chat', id);
    onOpened?.();
  };
  return (
    <div className="flex h-full min-h-0 flex-col gap-2 p-2">
      <Button className="w-full" onClick={() => open('')}>
        <Icon name="plus" /> New conversation
      </Button>
      <div className="relative">
        <Icon name="search" className="pointer-events-none absolute top-2 left-2 text-muted" />
        <input
          ref={searchRef}
          type="search"
          aria-label="Search the history"
          placeholder="Search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className={`${inputClass} pl-7`}
        />
      </div>
      <nav aria-label="Conversations" className="-mx-2 min-h-0 flex-1 overflow-y-auto px-2">
        {groups.map((group) => (
          <section key={group.name} className="mb-3">
            <h2 className="engraved px-2 py-1">{group.name}</h2>
            <ul>
              {group.items.map((s) => (
                <Entry
                  key={s.id}
                  summary={s}
                  current={s.id === currentId}
                  onOpen={() => open(s.id)}
                />
              ))}
            </ul>
          </section>
        ))}
        {!groups.length && (
          <p className="px-2 py-1 text-sm text-muted">
            {query ? 'Nothing found.' : 'Conversations are kept in this browser only.'}
          </p>
        )}
      </nav>
      {!kept && (
        <p role="alert" className="rounded-md bg-warn-soft p-2 text-xs text-warn">
          This browser does not let the page keep anything: export what you need.
        </p>
      )}
    </div>
  );
}

function Entry({ summary, current, onOpen }) {
  const [mode, setMode] = useState('');
  const [title, setTitle] = useState(summary.title);
  const go = useApp((s) => s.go);
  const item = useRef(null);
  const was = useRef(mode);
  useLayoutEffect(() => {
    // Back to the conversation's own button, which had made way: before anything else can be pressed.
    if (was.current && !mode) item.current?.querySelector('button')?.focus();
    was.current = mode;
  }, [mode]);
  if (mode === 'rename') {
    const leave = () => setMode('');
    const save = () => {
      chat.renameConversation(summary.id, title);
      leave();
    };
    return (
      <li ref={item}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <input
            autoFocus
            aria-label="Title"
            className={inputClass}
            value={title}
            onChange={(e) => setTitle(e.target.value)}
            onBlur={save}
            onFocus={(e) => e.target.select()}
            onKeyDown={(e) => {
              if (e.key !== 'Escape') return;
              e.preventDefault(); // it closes no dialog, stops no answer
              e.stopPropagation();
              setTitle(summary.title);
              leave();
            }}
          />
        </form>
      </li>
    );
  }
  if (mode === 'delete') {
    return (
      <li
        ref={item}
        className="flex items-center justify-between gap-1 rounded-md bg-bad-soft px-2 py-1 text-sm text-bad"
      >
        Delete it?
        <span className="flex gap-1">
          <Button
            tone="danger"
            className="h-7"
            onClick={() => {
              void chat.deleteConversation(summary.id);
              if (current) go('chat');
            }}
          >
            Delete
          </Button>
          <Button autoFocus className="h-7" onClick={() => setMode('')}>
            Keep
          </Button>
        </span>
      </li>
    );
  }
  return (
    <li
      ref={item}
      className={`group flex items-center rounded-md ${current ? 'bg-accent-soft' : 'hover:bg-sunken'}`}
    >
      <button
        type="button"
        aria-current={current ? 'page' : undefined}
        onClick={onOpen}
        onDoubleClick={() => setMode('rename')}
        title={summary.title}
        className="min-w-0 flex-1 truncate px-2 py-1.5 text-left text-sm"
      >
        {summary.title || 'New conversation'}
        {summary.running && (
          <span className="ml-1.5 inline-block size-1.5 rounded-full bg-accent" title="running" />
        )}
      </button>
      <span className="flex w-0 overflow-hidden group-focus-within:w-auto group-hover:w-auto pointer-coarse:w-auto">
        <IconButton
          icon="edit"
          label={`Rename “${summary.title}”`}
          className="!size-7"
          onClick={() => {
            setTitle(summary.title);
            setMode('rename');
          }}
        />
        <IconButton
          icon="trash"
          label={`Delete “${summary.title}”`}
          className="!size-7"
          onClick={() => setMode('delete')}
        />
      </span>
    </li>
  );
}
