import { fireEvent, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import { useState } from 'react';
import { describe, expect, test } from 'vitest';

import CommaChoice from '../src/components/CommaChoice.jsx';
import { asNumber, eitherWay, readCommas, textOf } from '../src/lib/commas.js';

const TABLE = 'lot;width\n12;345,678\n13;346,112\n';

describe('commas before three digits', () => {
  test('are asked about only where nothing tells what they are', () => {
    expect(eitherWay(TABLE)).toBe('345,678');
    expect(eitherWay('a\tb\n1\t"2,345"\n')).toBe('2,345');
    expect(eitherWay('a,b\n1,"2,345"\n')).toBe('2,345');
    expect(eitherWay('a;b\n3,14;2,345\n')).toBeNull(); // 3,14 tells
    expect(eitherWay('a,b\n123,456\n')).toBeNull(); // two cells
    expect(eitherWay('a;b\n1.5;2\n')).toBeNull();
    expect(eitherWay(null)).toBeNull();
  });

  test('are written as they were meant, and nothing else is changed', () => {
    expect(readCommas(TABLE, 'decimal')).toBe('lot;width\n12;345.678\n13;346.112\n');
    expect(readCommas(TABLE, 'thousands')).toBe('lot;width\n12;345678\n13;346112\n');
    expect(readCommas('a;b\nx, y;−1,234,567\n', 'thousands')).toBe('a;b\nx, y;−1234567\n');
    expect(readCommas('a,b\n1,"2,345"\n', 'decimal')).toBe('a,b\n1,2.345\n');
  });

  test('give the number that the button shows', () => {
    const cells = fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 999 }));
    fc.assert(
      fc.property(cells, ([a, b]) => {
        const cell = `${a},${String(b).padStart(3, '0')}`;
        for (const as of ['decimal', 'thousands']) {
          const [, , row] = readCommas(`x;y\n1;${cell}`, as).split(/[;\n]/).slice(1);
          expect(Number(row)).toBe(asNumber(cell, as));
        }
      }),
    );
  });

  test('files in text are read, others not', () => {
    expect(textOf({ name: 'a.csv', content_base64: btoa(TABLE) })).toBe(TABLE);
    expect(textOf({ name: 'a.csv', content_base64: btoa('\xe4;1') })).toBeNull();
    expect(textOf({ name: 'a.xlsx', content_base64: btoa(TABLE) })).toBeNull();
  });
});

test('the reading is switched with one click, and back', () => {
  const seen = [];
  function Card() {
    const [text, setText] = useState(TABLE);
    return <CommaChoice text={text} onRead={(t) => (setText(t), seen.push(t))} />;
  }
  render(<Card />);
  const [decimal, thousands] = screen.getAllByRole('button');
  fireEvent.click(decimal);
  expect(decimal.getAttribute('aria-pressed')).toBe('true');
  fireEvent.click(thousands);
  fireEvent.click(decimal);
  expect(seen.map((t) => t.split(/[;\n]/)[3])).toEqual(['345.678', '345678', '345.678']);
});
