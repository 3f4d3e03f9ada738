import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import App from './App.jsx';
import ErrorBoundary from './components/ErrorBoundary.jsx';
import './styles/index.css';

const RELOADED = 'havoc.reloaded';
const AGAIN_MS = 60_000;

// A newer build has other chunks: the old page takes up the new one, once. Runs and drafts survive.
window.addEventListener('vite:preloadError', (event) => {
  let last = 0;
  try {
    last = Number(sessionStorage.getItem(RELOADED)) || 0;
    sessionStorage.setItem(RELOADED, String(Date.now()));
  } catch {
    return; // nothing to remember it in: the boundary tells what to do
  }
  if (Date.now() - last < AGAIN_MS) return;
  event.preventDefault();
  window.location.reload();
});

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <ErrorBoundary what="The page">
      <App />
    </ErrorBoundary>
  </StrictMode>,
);
