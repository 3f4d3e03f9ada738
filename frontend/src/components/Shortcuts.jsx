import { LOCAL_KEYS, SHORTCUTS, keyNames } from '../lib/keys.js';
import { Dialog } from './ui.jsx';

/** The keyboard map. */
export default function Shortcuts({ onClose }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2 text-sm">
        {[...SHORTCUTS, ...LOCAL_KEYS].map(({ keys, does }) => (
          <div key={keys + does} className="contents">
            <dt className="flex gap-1">
              {keyNames(keys).map((k) => (
                <kbd
                  key={k}
                  className="rounded border border-line-strong/60 bg-raised px-1.5 font-mono text-xs leading-5"
                >
                  {k}
                </kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
