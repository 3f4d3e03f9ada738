import { Suspense, lazy, useEffect } from 'react';

import ChatView from './components/ChatView.jsx';
import { Icon, Waiting } from './components/ui.jsx';
import { useApp } from './lib/store.js';

const WorksheetView = lazy(() => import('./components/worksheet/WorksheetView.jsx'));
const OperationsView = lazy(() => import('./components/operations/OperationsView.jsx'));

const NAV = [
  { view: 'chat', label: 'Chat', icon: 'chat' },
  { view: 'worksheet', label: 'Worksheet', icon: 'sheet' },
  { view: 'operations', label: 'Operations', icon: 'blocks' },
];

/** The frame: views on the left, the open one beside them. */
export default function App() {
  const view = useApp((s) => s.view);
  const followHash = useApp((s) => s.followHash);
  useEffect(() => {
    window.addEventListener('popstate', followHash);
    return () => window.removeEventListener('popstate', followHash);
  }, [followHash]);
  return (
    <div className="flex h-dvh flex-col">
      <Navigation />
      <main className="min-h-0 flex-1">
        <Suspense fallback={<Waiting />}>
          {view === 'chat' && <ChatView />}
          {view === 'worksheet' && <WorksheetView />}
          {view === 'operations' && <OperationsView />}
        </Suspense>
      </main>
    </div>
  );
}

function Navigation() {
  const view = useApp((s) => s.view);
  const go = useApp((s) => s.go);
  return (
    <nav aria-label="Views" className="flex gap-1 border-b border-line bg-panel p-1">
      {NAV.map((item) => (
        <a
          key={item.view}
          href={`#/${item.view}`}
          aria-current={view === item.view ? 'page' : undefined}
          onClick={(event) => {
            event.preventDefault();
            go(item.view);
          }}
          className="flex items-center gap-1.5 rounded-md px-2 py-1 text-sm aria-[current]:bg-accent-soft"
        >
          <Icon name={item.icon} />
          {item.label}
        </a>
      ))}
    </nav>
  );
}
