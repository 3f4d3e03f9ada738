import { Suspense, lazy, useCallback, useEffect, useRef, useState } from 'react';

import ChatView from './components/ChatView.jsx';
import ErrorBoundary from './components/ErrorBoundary.jsx';
import { Icon, Waiting } from './components/ui.jsx';
import { health } from './lib/api.js';
import * as chat from './lib/chat.js';
import { path } from './lib/conversation.js';
import { storeDraft } from './lib/draft.js';
import { shortcutOf } from './lib/keys.js';
import { effectiveTheme } from './lib/settings.js';
import { useApp } from './lib/store.js';

const WorksheetView = lazy(() => import('./components/worksheet/WorksheetView.jsx'));
const OperationsView = lazy(() => import('./components/operations/OperationsView.jsx'));
const Settings = lazy(() => import('./components/Settings.jsx'));
const Shortcuts = lazy(() => import('./components/Shortcuts.jsx'));

const NAV = [
  { view: 'chat', label: 'Chat', icon: 'chat' },
  { view: 'worksheet', label: 'Worksheet', icon: 'sheet' },
  { view: 'operations', label: 'Operations', icon: 'blocks' },
];

/** The frame: a rail with the views, the open one beside it. */
export default function App() {
  const view = useApp((s) => s.view);
  const settingsOpen = useApp((s) => s.settingsOpen);
  const closeSettings = useApp((s) => s.closeSettings);
  const [help, setHelp] = useState(false);
  const openHelp = useCallback(() => setHelp(true), []);
  useAddress();
  useTheme();
  useTitle();
  useKeyboard(openHelp);
  useFocusKept();
  useEffect(() => {
    void chat.loadHistory();
    const keep = () => {
      chat.keepUnsaved();
      storeDraft();
    };
    window.addEventListener('pagehide', keep);
    return () => window.removeEventListener('pagehide', keep);
  }, []);
  return (
    <div className="flex h-dvh flex-col-reverse sm:flex-row">
      <Rail onHelp={openHelp} />
      <main className="min-h-0 min-w-0 flex-1">
        <ErrorBoundary key={view} what="This view">
          <Suspense fallback={<Waiting />}>
            {view === 'chat' && <ChatView />}
            {view === 'worksheet' && <WorksheetView />}
            {view === 'operations' && <OperationsView />}
          </Suspense>
        </ErrorBoundary>
      </main>
      <Suspense>
        {settingsOpen && <Settings onClose={closeSettings} />}
        {help && <Shortcuts onClose={() => setHelp(false)} />}
      </Suspense>
      <Notice />
    </div>
  );
}

/** Fetched later: nothing can lose the focus before something has it. */
function useFocusKept() {
  useEffect(() => {
    let end;
    let gone = false;
    void import('./lib/focus.js').then(({ keepFocus }) => {
      if (!gone) end = keepFocus(document.getElementById('root') ?? document.body);
    });
    return () => {
      gone = true;
      end?.();
    };
  }, []);
}

function useAddress() {
  const followHash = useApp((s) => s.followHash);
  useEffect(() => {
    window.addEventListener('popstate', followHash);
    return () => window.removeEventListener('popstate', followHash);
  }, [followHash]);
}

function useTheme() {
  const theme = useApp((s) => s.settings.theme);
  useEffect(() => {
    const apply = () => {
      document.documentElement.dataset.theme = effectiveTheme(theme);
    };
    apply();
    const media = window.matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', apply);
    return () => media.removeEventListener('change', apply);
  }, [theme]);
}

/** The tab's name: what is open, and whether its answer is being made or has come meanwhile. */
function useTitle() {
  const view = useApp((s) => s.view);
  const named = useApp((s) => s.subject || (s.view === 'operations' ? s.rest : ''));
  const asked = chat.useChat((s) => chat.currentConversation(s)?.title ?? '');
  const running = chat.useChat((s) => Boolean(chat.runningAnswer(s)));
  const wasRunning = useRef(false);
  const [come, setCome] = useState(false);
  useEffect(() => {
    if (wasRunning.current && !running && document.hidden) setCome(true);
    wasRunning.current = running;
    const seen = () => document.hidden || setCome(false);
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, [running]);
  const subject = view === 'chat' ? asked : named || NAV.find((n) => n.view === view).label;
  useEffect(() => {
    const mark = running ? '… ' : come ? '✓ ' : '';
    document.title = mark + (subject ? `${subject} · HAVOC` : 'HAVOC');
  }, [subject, running, come]);
}

function useKeyboard(onHelp) {
  useEffect(() => {
    const act = {
      new: () => useApp.getState().go('chat'),
      search: () => toSearch(),
      compose: () => document.getElementById('question')?.focus(),
      stop: () => {
        const running = chat.runningAnswer(chat.useChat.getState());
        if (running) chat.stop(running.id);
      },
      copy: copyLast,
      settings: () => useApp.getState().openSettings(),
      chat: () => useApp.getState().go('chat', chat.useChat.getState().currentId ?? ''),
      worksheet: () => useApp.getState().go('worksheet'),
      operations: () => useApp.getState().go('operations'),
      help: onHelp,
    };
    const pressed = (event) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const id = shortcutOf(event);
      if (!id) return;
      if (id !== 'stop') event.preventDefault();
      act[id]();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [onHelp]);
}

function toSearch() {
  const { view, go, setHistoryOpen } = useApp.getState();
  if (view !== 'chat') go('chat', chat.useChat.getState().currentId ?? '');
  const beside = () =>
    [...document.querySelectorAll('input[type=search][aria-label="Search the history"]')].find(
      (e) => e.offsetParent,
    );
  // at once where it is in sight: who types on loses no letter
  if (beside()) beside().focus();
  else {
    setHistoryOpen(true);
    // the panel may still be on its way
    const until = Date.now() + 3000;
    const timer = setInterval(() => {
      beside()?.focus();
      if (beside() || Date.now() > until) clearInterval(timer);
    }, 50);
  }
}

function copyLast() {
  const conversation = chat.currentConversation(chat.useChat.getState());
  const last = conversation && path(conversation).findLast((n) => n.answer?.text);
  if (!last) return;
  const { notify } = useApp.getState();
  Promise.all([import('./lib/transcript.js'), import('./lib/exporting.js')])
    .then(([{ answerText }, { copyText }]) => copyText(answerText(last.answer)))
    .then((done) =>
      notify(
        done ? 'The last answer is copied.' : 'The browser refuses to copy.',
        done ? 'info' : 'bad',
      ),
    );
}

function Rail({ onHelp }) {
  const view = useApp((s) => s.view);
  const go = useApp((s) => s.go);
  const openSettings = useApp((s) => s.openSettings);
  return (
    <header className="no-print flex shrink-0 items-center gap-1 border-t border-line bg-panel px-1 sm:w-[5.25rem] sm:flex-col sm:border-t-0 sm:border-r sm:px-1.5 sm:py-2">
      <span className="hidden flex-col items-center gap-1 pb-3 sm:flex">
        <img src="./favicon.svg" alt="" width="30" height="30" />
        <span className="text-2xs font-bold tracking-[0.14em]">HAVOC</span>
      </span>
      <nav aria-label="Views" className="flex flex-1 gap-1 sm:w-full sm:flex-none sm:flex-col">
        {NAV.map((item) => (
          <a
            key={item.view}
            href={`#/${item.view}`}
            aria-current={view === item.view ? 'page' : undefined}
            onClick={(event) => {
              event.preventDefault();
              go(item.view, item.view === 'chat' ? (chat.useChat.getState().currentId ?? '') : '');
            }}
            className="flex flex-1 flex-col items-center gap-0.5 rounded-md px-1 py-1.5 text-2xs font-medium text-ink-2 hover:bg-sunken aria-[current]:bg-accent-soft aria-[current]:text-accent"
          >
            <Icon name={item.icon} size={18} />
            {item.label}
          </a>
        ))}
      </nav>
      <span className="hidden flex-1 sm:block" />
      <ServerState />
      <RailButton icon="info" label="Keyboard" onClick={onHelp} className="hidden sm:flex" />
      <RailButton icon="sliders" label="Settings" onClick={openSettings} />
    </header>
  );
}

function RailButton({ icon, label, onClick, className = 'flex' }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className={`${className} flex-col items-center gap-0.5 rounded-md px-2 py-1.5 text-2xs font-medium text-ink-2 hover:bg-sunken sm:w-full sm:px-1`}
    >
      <Icon name={icon} size={18} />
      {label}
    </button>
  );
}

const CHECK_MS = 30_000;

/** Whether the server is there; asked now and then, and when the page comes back. */
function ServerState() {
  const [state, setState] = useState({ ok: null, text: 'asking' });
  const serverUrl = useApp((s) => s.settings.serverUrl);
  useEffect(() => {
    let current = true;
    const ask = async () => {
      if (document.hidden) return;
      try {
        const found = await health();
        if (current) setState({ ok: true, text: found.model });
      } catch {
        if (current) setState({ ok: false, text: 'no server' });
      }
    };
    void ask();
    const timer = setInterval(ask, CHECK_MS);
    document.addEventListener('visibilitychange', ask);
    return () => {
      current = false;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [serverUrl]);
  const tone = state.ok === null ? 'bg-line-strong' : state.ok ? 'bg-good' : 'bg-bad';
  return (
    <span
      role="status"
      title={state.ok ? `Model ${state.text}` : 'The server does not answer'}
      className="flex items-center gap-1.5 px-2 py-1 text-2xs text-muted sm:flex-col sm:gap-1"
    >
      <span aria-hidden="true" className={`size-2 rounded-full ${tone}`} />
      <span className="max-w-16 truncate font-mono">
        {state.ok === false ? 'offline' : state.ok ? 'online' : '…'}
      </span>
    </span>
  );
}

const NOTICE_MS = 5000;

function Notice() {
  const notice = useApp((s) => s.notice);
  const [seen, setSeen] = useState(0);
  useEffect(() => {
    if (!notice) return undefined;
    const timer = setTimeout(() => setSeen(notice.at), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  const shown = notice && notice.at !== seen;
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-20 z-50 flex justify-center"
    >
      {shown && (
        <p
          className={`rounded-md border px-3 py-2 text-sm shadow-float ${notice.tone === 'bad' ? 'border-bad/40 bg-bad-soft text-bad' : 'border-line bg-panel'}`}
        >
          {notice.text}
        </p>
      )}
    </div>
  );
}
