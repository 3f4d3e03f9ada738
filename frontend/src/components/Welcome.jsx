import { Suspense, lazy } from 'react';

import { useScene } from '../lib/scene.js';
import { useApp } from '../lib/store.js';
import { Icon } from './ui.jsx';

const Scene3D = lazy(() => import('./Scene3D.jsx'));

const BEGINNINGS = [
  {
    field: 'Design of experiments',
    text: 'Plan a Box-Behnken design for temperature 150 to 200 degC, pressure 1 to 5 bar and time 10 to 30 min with 3 center points',
  },
  {
    field: 'Process control',
    text: 'Make an individuals chart of 10.1 9.8 10.3 10.0 9.9 10.2 10.1 9.7 10.4 13.2 10.0 9.9 10.1 and tell me which points are out of control',
  },
  {
    field: 'Capability',
    text: 'What is the capability of 9.98 10.02 10.01 9.97 10.03 10.00 9.99 10.02 9.98 10.01 10.00 9.99 with limits 9.9 and 10.1?',
  },
  {
    field: 'Comparison',
    text: 'Is the mean of 5.1 5.3 4.9 5.2 5.0 5.4 different from that of 5.6 5.8 5.5 5.9 5.7 5.6?',
  },
];

/** An empty conversation: what can be asked, over a response surface where the machine can draw one. */
export default function Welcome() {
  const ask = useApp((s) => s.ask);
  const scene = useScene();
  return (
    <div className="relative min-h-0 flex-1 overflow-y-auto">
      <div
        aria-hidden="true"
        className="havoc-fade absolute inset-x-0 top-0 h-52 overflow-hidden sm:[@media(min-height:820px)]:h-80"
      >
        {scene ? (
          <Suspense fallback={<Contours />}>
            <Scene3D />
          </Suspense>
        ) : (
          <Contours />
        )}
      </div>
      <div className="relative mx-auto flex min-h-full w-full max-w-3xl flex-col justify-end gap-5 px-3 pt-52 pb-6 sm:[@media(min-height:820px)]:pt-80 sm:px-5">
        <div>
          <h2 className="text-2xl font-semibold tracking-tight">
            Ask for a number you can stand behind.
          </h2>
          <p className="mt-1 max-w-xl text-base text-ink-2">
            Every number in an answer comes from an operation that was run and computed a second
            time. Select it to see how.
          </p>
        </div>
        <ul className="grid gap-2 sm:grid-cols-2">
          {BEGINNINGS.map((b) => (
            <li key={b.field}>
              <button
                type="button"
                onClick={() => ask(b.text)}
                className="flex h-full w-full flex-col gap-1 rounded-md border border-line bg-panel/95 p-3 text-left hover:border-accent"
              >
                <span className="engraved flex w-full items-center justify-between">
                  {b.field} <Icon name="right" size={12} />
                </span>
                <span className="text-sm text-ink-2">{b.text}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** The same picture without three dimensions: the contours of a response surface. */
const Contours = () => <div className="havoc-contours" />;
