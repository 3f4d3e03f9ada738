import { useState } from 'react';

import { asNumber, eitherWay, readCommas } from '../lib/commas.js';
import { formatNumber } from '../lib/format.js';
import { Button } from './ui.jsx';

const READINGS = [
  ['decimal', 'decimal comma'],
  ['thousands', 'thousands'],
];

/**
 * Asks how `345,678` is meant, where a table does not tell; nothing where it does.
 *
 * @param text the table's text as it came, or null
 * @param onRead `(text, reading)`: the table in the reading that was chosen
 */
export default function CommaChoice({ text, onRead, className = '' }) {
  const [first] = useState(text); // what was chosen can be changed
  const [chosen, setChosen] = useState(null);
  const cell = eitherWay(chosen ? first : text);
  if (!cell) return null;
  return (
    <div
      role="group"
      aria-label="How the commas are read"
      className={`flex flex-wrap items-center gap-1.5 text-xs ${className}`}
    >
      <span className={chosen ? 'text-muted' : 'font-medium text-warn'}>
        “{cell}” can be read two ways{chosen ? ':' : '; nothing in the table tells which:'}
      </span>
      {READINGS.map(([key, name]) => (
        <Button
          key={key}
          className="h-7 aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
          aria-pressed={chosen === key}
          onClick={() => {
            const from = chosen ? first : text;
            setChosen(key);
            onRead(readCommas(from, key), key);
          }}
        >
          <span className="font-mono">{formatNumber(asNumber(cell, key), 9)}</span> ({name})
        </Button>
      ))}
    </div>
  );
}
