import { Suspense, lazy, useCallback, useEffect, useRef, useState } from 'react';

import * as chat from '../lib/chat.js';
import { carriedFiles, path } from '../lib/conversation.js';
import { download, fileName } from '../lib/exporting.js';
import { useApp } from '../lib/store.js';
import ChatInput from './ChatInput.jsx';
import HistoryPanel from './HistoryPanel.jsx';
import { Button, Dialog, Icon, IconButton, Waiting } from './ui.jsx';
import Welcome from './Welcome.jsx';

const loadMessages = () => import('./Messages.jsx');
const Messages = lazy(loadMessages);

/** History on the left, the conversation, the question below it. */
export default function ChatView() {
  const rest = useApp((s) => s.rest);
  const go = useApp((s) => s.go);
  const conversation = chat.useChat(chat.currentConversation);
  const editing = chat.useChat((s) => s.editing);
  const historyOpen = useApp((s) => s.historyOpen);
  const setHistoryOpen = useApp((s) => s.setHistoryOpen);
  const [dropped, setDropped] = useState(null);
  const onDropTaken = useCallback(() => setDropped(null), []);
  useOpened(rest, go);
  usePreload();
  const running = chat.useChat(chat.runningAnswer);
  const shown = conversation ? path(conversation) : [];
  const send = (text, files, left) => go('chat', chat.ask(text, files, left));
  const stop = () => running && chat.stop(running.id);
  return (
    <div className="flex h-full min-h-0">
      <aside
        aria-label="History"
        className="hidden w-60 shrink-0 border-r border-line bg-panel lg:block"
      >
        <HistoryPanel />
      </aside>
      {historyOpen && (
        <Dialog title="History" onClose={() => setHistoryOpen(false)}>
          <div className="-m-4 h-[70dvh]">
            <HistoryPanel onOpened={() => setHistoryOpen(false)} />
          </div>
        </Dialog>
      )}
      <DropZone onDrop={setDropped}>
        <Bar conversation={conversation} onHistory={() => setHistoryOpen(true)} />
        {shown.length === 0 ? (
          <Welcome />
        ) : (
          <Suspense
            fallback={
              <div className="flex-1">
                <Waiting />
              </div>
            }
          >
            <Messages
              key={conversation.id}
              conversation={conversation}
              shown={shown}
              editing={editing}
            />
          </Suspense>
        )}
        <div className="mx-auto w-full max-w-3xl px-3 pb-3 sm:px-5">
          <ChatInput
            onSend={send}
            running={Boolean(running)}
            onStop={stop}
            carried={conversation ? carriedFiles(conversation) : undefined}
            dropped={dropped}
            onDropTaken={onDropTaken}
          />
        </div>
      </DropZone>
    </div>
  );
}

/** The address names the conversation that is open. */
function useOpened(rest, go) {
  useEffect(() => {
    if (chat.useChat.getState().currentId === (rest || null)) return;
    chat.openConversation(rest).then((found) => {
      if (!found) go('chat');
    });
  }, [rest, go]);
}

/** What an answer needs is fetched while someone writes the question. */
function usePreload() {
  useEffect(() => {
    const timer = setTimeout(() => {
      void loadMessages();
      void import('./markdown/Markdown.jsx');
      void import('./evidence/Evidence.jsx');
    }, 1500);
    return () => clearTimeout(timer);
  }, []);
}

function DropZone({ onDrop, children }) {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const hasFiles = (event) => event.dataTransfer.types.includes('Files');
  return (
    // Dropping is a second way: the attach button does the same for the keyboard.
    <div
      className="relative flex min-w-0 flex-1 flex-col"
      onDragEnter={(event) => {
        if (!hasFiles(event)) return;
        depth.current += 1;
        setOver(true);
      }}
      onDragLeave={() => {
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setOver(false);
      }}
      onDragOver={(event) => hasFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        onDrop([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over && (
        <div className="pointer-events-none absolute inset-2 z-40 flex items-center justify-center rounded-lg border-2 border-dashed border-accent bg-accent-soft/90 text-base font-semibold text-accent">
          Drop tables: CSV, TSV, XLSX, Parquet
        </div>
      )}
    </div>
  );
}

function Bar({ conversation, onHistory }) {
  const [menu, setMenu] = useState(false);
  const box = useRef(null);
  const close = () => {
    setMenu(false);
    box.current?.querySelector('button').focus();
  };
  const save = async (extension, type) => {
    const { asJson, asMarkdown } = await import('../lib/transcript.js');
    const text = (extension === 'md' ? asMarkdown : asJson)(conversation);
    download(fileName(conversation.title, extension), text, type);
    close();
  };
  return (
    <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line bg-panel px-2 lg:px-5">
      <IconButton icon="menu" label="History" className="lg:hidden" onClick={onHistory} />
      <h1 className="min-w-0 flex-1 truncate text-sm font-semibold">
        {conversation?.title || 'New conversation'}
      </h1>
      {conversation && (
        // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- Escape closes its list
        <div
          ref={box}
          className="relative"
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || !menu) return;
            event.stopPropagation();
            close();
          }}
          onBlur={(event) => {
            if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget))
              setMenu(false);
          }}
        >
          <Button tone="quiet" aria-expanded={menu} onClick={() => setMenu(!menu)}>
            <Icon name="download" /> Export
          </Button>
          {menu && (
            <ul className="absolute right-0 z-20 mt-1 w-44 rounded-md border border-line bg-panel p-1 shadow-float">
              <li>
                <Button
                  tone="quiet"
                  className="w-full !justify-start"
                  onClick={() => save('md', 'text/markdown')}
                >
                  Markdown
                </Button>
              </li>
              <li>
                <Button
                  tone="quiet"
                  className="w-full !justify-start"
                  onClick={() => save('json', 'application/json')}
                >
                  JSON, with evidence
                </Button>
              </li>
            </ul>
          )}
        </div>
      )}
    </header>
  );
}
