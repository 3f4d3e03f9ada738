/** The sheet itself: locked settings, responses to type or paste; Enter goes down, arrows move. */
import { useMemo, useRef } from 'react';

import { formatNumber, fullPrecision } from '../../lib/format.js';
import { useDigits } from '../../lib/store.js';
import { cellNumber, pasteAt, rowOrder, setCell } from '../../lib/worksheet/sheet.js';
import ScrollRegion from '../figures/ScrollRegion.jsx';

const HEADS = [
  ['run', 'Run'],
  ['std', 'Std'],
  ['block', 'Block'],
  ['plot', 'Whole plot'],
  ['type', 'Type'],
];

export default function Grid({ sheet, coded, by, onChange, onNote }) {
  useDigits();
  const body = useRef(null);
  const order = useMemo(() => rowOrder(sheet, by), [sheet, by]);
  const heads = HEADS.filter(([key]) =>
    sheet.rows.some((r) => r[key] !== null && r[key] !== undefined),
  );
  const focus = (place, k) => {
    const cell = body.current.querySelector(`[data-cell="${place}.${k}"]`);
    cell?.focus();
    cell?.select();
    return Boolean(cell);
  };
  const onKeyDown = (event, place, k) => {
    const input = event.currentTarget;
    const atStart = input.selectionStart === 0 && input.selectionEnd === 0;
    const atEnd = input.selectionStart === input.value.length;
    const all = input.selectionStart === 0 && atEnd;
    const moves = {
      Enter: [place + (event.shiftKey ? -1 : 1), k],
      ArrowDown: [place + 1, k],
      ArrowUp: [place - 1, k],
      ArrowLeft: (atStart || all) && [place, k - 1],
      ArrowRight: atEnd && [place, k + 1],
    };
    const move = moves[event.key];
    if (move && focus(...move)) event.preventDefault();
  };
  const onPaste = (event, place, k) => {
    const text = event.clipboardData.getData('text/plain');
    if (!/[\t\n\r]/.test(text.trim())) return; // one cell: as typed
    event.preventDefault();
    const { sheet: next, filled, lost } = pasteAt(sheet, order, place, k, text);
    onChange(() => next);
    onNote(`${filled} cells pasted${lost ? `, ${lost} had no room` : ''}.`);
  };
  return (
    <ScrollRegion label={sheet.title} className="sheet rounded-md border border-line bg-raised">
      <table className="havoc-table sheet-table">
        <caption className="sr-only">
          {sheet.title}: settings are locked, responses can be typed or pasted from a spreadsheet
        </caption>
        <thead>
          <tr>
            {heads.map(([key, name]) => (
              <th key={key} scope="col" className={key === 'type' ? '' : 'text-right'}>
                {name}
              </th>
            ))}
            {sheet.factors.map((f) => (
              <th key={f.name} scope="col" className="text-right">
                {f.name}
                {!coded && f.unit && <span className="font-normal text-muted"> [{f.unit}]</span>}
                {coded && <span className="font-normal text-muted"> coded</span>}
              </th>
            ))}
            {sheet.responses.map((r, k) => (
              <th key={k} scope="col" className="response text-right">
                {r.name || `response ${k + 1}`}
                {r.unit && <span className="font-normal text-muted"> [{r.unit}]</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {order.map((i, place) => {
            const row = sheet.rows[i];
            const settings = coded ? row.coded : row.natural;
            return (
              <tr key={i}>
                {heads.map(([key], h) =>
                  h === 0 ? (
                    <th key={key} scope="row" className="text-right font-normal">
                      {row[key]}
                    </th>
                  ) : (
                    <td key={key} className={`text-muted ${key === 'type' ? '' : 'text-right'}`}>
                      {row[key]}
                    </td>
                  ),
                )}
                {settings.map((v, j) => (
                  <td
                    key={j}
                    className="text-right"
                    title={typeof v === 'number' ? fullPrecision(v) : undefined}
                  >
                    {formatNumber(v, 5)}
                  </td>
                ))}
                {sheet.responses.map((r, k) => (
                  <td key={k} className="response">
                    <Cell
                      label={`${r.name || `response ${k + 1}`}, run ${row.run}`}
                      value={r.values[i]}
                      place={`${place}.${k}`}
                      onChange={(text) => onChange((s) => setCell(s, i, k, text), `${i}.${k}`)}
                      onKeyDown={(event) => onKeyDown(event, place, k)}
                      onPaste={(event) => onPaste(event, place, k)}
                    />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Cell({ label, value, place, onChange, onKeyDown, onPaste }) {
  const wrong = cellNumber(value) === null;
  return (
    <input
      aria-label={label}
      aria-invalid={wrong ? true : undefined}
      title={wrong ? `“${value}” is not a number` : undefined}
      data-cell={place}
      className="sheet-cell"
      inputMode="decimal"
      autoComplete="off"
      enterKeyHint="next"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
    />
  );
}
