import { Suspense, lazy, useEffect, useLayoutEffect, useRef, useState } from 'react';

import * as chat from '../lib/chat.js';
import { keepDraft, keptDraft } from '../lib/draft.js';
import { attachmentOf, pastedTable, ACCEPTED } from '../lib/intake.js';
import { useApp } from '../lib/store.js';
import { Icon, IconButton } from './ui.jsx';

const IntakeCard = lazy(() => import('./IntakeCard.jsx'));

const NO_FILES = [];

/**
 * Where a question is written: Enter sends, files and pasted tables are read before they are sent.
 *
 * @param initial `{ text, attachments }` of a question that is being edited
 * @param carried files of earlier questions that go along
 */
export default function ChatInput({
  onSend,
  onCancel,
  running,
  onStop,
  initial,
  carried = NO_FILES,
  inputRef,
  dropped,
  onDropTaken,
}) {
  const [begun] = useState(() =>
    initial
      ? { text: initial.text, files: initial.attachments ?? NO_FILES, pasted: {} }
      : keptDraft(),
  );
  const [text, setText] = useState(begun.text);
  const [files, setFiles] = useState(begun.files);
  const [pasted, setPasted] = useState(begun.pasted); // name -> the text it came from
  const [left, setLeft] = useState(NO_FILES); // names of carried files that stay behind
  const [problem, setProblem] = useState('');
  const own = useRef(null);
  const area = inputRef ?? own;
  const picker = useRef(null);
  useGrowing(area, text);
  useDraft(initial, setText, setFiles, area);
  useEffect(() => {
    if (!initial) keepDraft({ text, files, pasted });
  }, [initial, text, files, pasted]);

  const taken = [...files, ...carried].map((f) => f.name);
  const addFiles = async (list) => {
    const problems = [];
    const names = [...taken];
    for (const file of list) {
      try {
        const attachment = await attachmentOf(file, names);
        names.push(attachment.name);
        setFiles((f) => [...f, attachment]);
      } catch (error) {
        problems.push(error.message);
      }
    }
    setProblem(problems.join('\n'));
    area.current?.focus();
  };
  const takeDropped = useRef(addFiles);
  useEffect(() => {
    takeDropped.current = addFiles;
  });
  useEffect(() => {
    if (!dropped?.length) return;
    void takeDropped.current(dropped);
    onDropTaken();
  }, [dropped, onDropTaken]);

  const paste = (event) => {
    if (event.clipboardData.files.length) {
      event.preventDefault();
      void addFiles([...event.clipboardData.files]);
      return;
    }
    const content = event.clipboardData.getData('text/plain');
    const table = pastedTable(content, taken);
    if (!table) return;
    event.preventDefault();
    setFiles((f) => [...f, table]);
    setPasted((p) => ({ ...p, [table.name]: content }));
  };
  const remove = (name) => {
    setFiles((f) => f.filter((x) => x.name !== name));
    area.current?.focus();
  };
  const asText = (name) => {
    remove(name);
    setText((t) => (t && !t.endsWith('\n') ? `${t}\n` : t) + pasted[name]);
  };
  const ready = text.trim() !== '' && !running;
  const send = () => {
    if (!ready) return;
    onSend(text.trim(), files, left);
    setText('');
    setFiles(NO_FILES);
    setPasted({});
    setLeft(NO_FILES);
    setProblem('');
    area.current?.focus(); // “Send” makes way for “Stop”
  };
  const stop = () => {
    onStop();
    area.current?.focus();
  };
  const key = (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape' && onCancel) {
      event.stopPropagation();
      onCancel();
    } else if (event.key === 'ArrowUp' && !text && !initial) {
      const last = document.querySelectorAll('article[aria-label=Question]');
      if (last.length) chat.edit(last[last.length - 1].dataset.node);
    }
  };
  const along = carried.filter((f) => !left.includes(f.name));
  return (
    <form
      aria-label={initial ? 'Edit the question' : 'Ask'}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="flex flex-col gap-2"
    >
      <Suspense>
        {files.map((file) => (
          <IntakeCard
            key={file.name}
            attachment={file}
            onRemove={() => remove(file.name)}
            onChange={(next) => setFiles((f) => f.map((x) => (x.name === file.name ? next : x)))}
            onAsText={pasted[file.name] ? () => asText(file.name) : undefined}
          />
        ))}
      </Suspense>
      {problem && (
        <p
          role="alert"
          className="rounded-md bg-bad-soft px-3 py-1.5 text-sm whitespace-pre-line text-bad"
        >
          {problem}
        </p>
      )}
      <div
        data-focus-frame
        className="rounded-lg border border-line-strong/70 bg-raised shadow-sm focus-within:border-accent has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:outline-focus"
      >
        {along.length > 0 && (
          <ul aria-label="Files taken along" className="flex flex-wrap gap-1.5 px-3 pt-2">
            {along.map((f) => (
              <li
                key={f.name}
                className="flex items-center gap-1 rounded bg-sunken pl-1.5 text-xs text-ink-2"
              >
                <Icon name="sheet" size={12} />
                <span className="font-mono">{f.name}</span> from above
                <IconButton
                  icon="close"
                  label={`Leave ${f.name} behind`}
                  className="!size-6"
                  onClick={() => {
                    setLeft((l) => [...l, f.name]);
                    area.current?.focus();
                  }}
                />
              </li>
            ))}
          </ul>
        )}
        <label className="sr-only" htmlFor={initial ? 'edit-question' : 'question'}>
          {initial ? 'The question' : 'Your question'}
        </label>
        <textarea
          ref={area}
          id={initial ? 'edit-question' : 'question'}
          value={text}
          rows={1}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={key}
          onPaste={paste}
          placeholder="Ask, paste measurements, or drop a file"
          className="block max-h-[40dvh] w-full resize-none bg-transparent px-3 pt-2.5 pb-1 text-base outline-none placeholder:text-muted"
        />
        <div className="flex items-center justify-between gap-2 p-1.5">
          <span className="flex items-center gap-1">
            <IconButton
              icon="attach"
              label="Attach a table"
              onClick={() => picker.current.click()}
            />
            <span className="hidden text-xs text-muted sm:inline">
              CSV, TSV, XLSX, Parquet · Enter sends
            </span>
          </span>
          <input
            ref={picker}
            type="file"
            multiple
            accept={ACCEPTED.join(',')}
            aria-label="Choose tables"
            className="sr-only"
            tabIndex={-1}
            onChange={(event) => {
              void addFiles([...event.target.files]);
              event.target.value = '';
            }}
          />
          <span className="flex items-center gap-1.5">
            {onCancel && <IconButton icon="close" label="Leave it as it was" onClick={onCancel} />}
            {running ? (
              <IconButton key="stop" icon="stop" label="Stop" tone="plain" onClick={stop} />
            ) : (
              // another button, so that a click meant for "Stop" never sends
              <IconButton
                key="send"
                icon="send"
                label="Send"
                tone="primary"
                disabled={!ready}
                onClick={send}
              />
            )}
          </span>
        </div>
      </div>
    </form>
  );
}

/** As high as its text, up to a limit. */
function useGrowing(area, text) {
  useLayoutEffect(() => {
    const box = area.current;
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
  }, [area, text]);
}

/** What another view wants asked is put here, not sent. */
function useDraft(initial, setText, setFiles, area) {
  const draft = useApp((s) => s.draft);
  useEffect(() => {
    if (initial) {
      area.current.focus();
      return;
    }
    if (!draft) return;
    const given = useApp.getState().takeDraft();
    if (!given) return;
    setText(given.text);
    setFiles(given.attachments ?? NO_FILES);
    area.current.focus();
  }, [draft, initial, setText, setFiles, area]);
}
