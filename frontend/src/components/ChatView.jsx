import { Suspense, lazy, useCallback, useEffect, useRef, useState } from 'react';

import * as chat from '../lib/chat.js';
import { carriedFiles, path } from '../lib/conversation.js';
import { useApp } from '../lib/store.js';
import ChatInput from './ChatInput.jsx';
import { Dialog, IconButton, Waiting } from './ui.jsx';
import Welcome from './Welcome.jsx';

const loadMessages = () => import('./Messages.jsx');
const Messages = lazy(loadMessages);
const HistoryPanel = lazy(() => import('./HistoryPanel.jsx'));
const ExportMenu = lazy(() => import('./ExportMenu.jsx'));

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
        className="no-print hidden w-60 shrink-0 border-r border-line bg-panel lg:block"
      >
        <Suspense>
          <HistoryPanel />
        </Suspense>
      </aside>
      {historyOpen && (
        <Dialog title="History" onClose={() => setHistoryOpen(false)}>
          <div className="-m-4 h-[70dvh]">
            <Suspense fallback={<Waiting />}>
              <HistoryPanel onOpened={() => setHistoryOpen(false)} />
            </Suspense>
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
        <div className="no-print mx-auto w-full max-w-3xl px-3 pb-3 sm:px-5">
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

const PRELOAD_MS = 400; // after the first paint

/** What an answer needs is fetched while someone writes the question. */
function usePreload() {
  useEffect(() => {
    const timer = setTimeout(() => {
      void loadMessages();
      void import('./markdown/Markdown.jsx');
      void import('./evidence/Evidence.jsx');
    }, PRELOAD_MS);
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
  return (
    <header className="no-print flex h-11 shrink-0 items-center gap-2 border-b border-line bg-panel px-2 lg:px-5">
      <IconButton icon="menu" label="History" className="lg:hidden" onClick={onHistory} />
      <h1 className="min-w-0 flex-1 truncate text-sm font-semibold">
        {conversation?.title || 'New conversation'}
      </h1>
      <Suspense>{conversation && <ExportMenu conversation={conversation} />}</Suspense>
    </header>
  );
}
