import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import OperationPage from '../src/components/operations/OperationPage.jsx';
import { parseTable, tableStatement, variableName } from '../src/lib/operations/data.js';
import { limitWords, rangeParts, written } from '../src/lib/operations/fields.js';
import { search, searchIndex } from '../src/lib/operations/search.js';
import { numberText, numbersOf, quoted, unquoted } from '../src/lib/operations/values.js';
import { emptyForm, formProgram, readProgram, variablesOf } from '../src/lib/operations/write.js';
import operations from './figures/operations.json';

const named = (name) => operations.find((o) => o.name === name);
const parameter = (name, key) => named(name).parameters.find((p) => p.name === key);

vi.setConfig({ testTimeout: 60_000 }); // a busy machine; nothing here waits

describe('numbers as people type them', () => {
  it.each([
    ['1,5', '1.5'],
    ['−3', '-3'],
    ['+2e-3', '2e-3'],
    ['1 234,5', '1234.5'],
    ['1.234,5', '1234.5'],
    ['1,234.5', '1234.5'],
    ['.5', '0.5'],
    ['12', '12'],
    ['a', null],
    ['1,2,3', null],
    ['=1+1', null],
  ])('%s is %s', (typed, text) => expect(numberText(typed)).toBe(text));

  it('keep every digit that was typed', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(Number(numberText(String(x)))).toBe(x === 0 ? 0 : x);
      }),
    );
  });

  it.each([
    ['10,2\n10,4\n9,9\n', ['10.2', '10.4', '9.9']],
    ['1, 2, 3', ['1', '2', '3']],
    ['1,2,3', ['1', '2', '3']],
    ['10,2 10,4', ['10.2', '10.4']],
    ['1;2,5;3', ['1', '2.5', '3']],
    ['[1, 2.5]', ['1', '2.5']],
    ['4\t5\n6\tNA', ['4', '5', '6', 'na']],
  ])('a list %j is %j', (text, values) => expect(numbersOf(text)).toEqual({ values, bad: [] }));

  it('name what is no number', () => expect(numbersOf('1\nx7\n3').bad).toEqual(['x7']));
});

describe('words', () => {
  it('come back from quotes as they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(unquoted(quoted(text))).toBe(text);
      }),
    );
  });
});

describe('pasted tables', () => {
  it('have names, decimal commas and words', () => {
    const table = parseTable('lot\tthickness (mm)\nA\t10,2\nB\t\n');
    expect(table.decimalComma).toBe(true);
    expect(tableStatement('runs', table.columns)).toBe(
      'runs = table(lot=["A", "B"], `thickness (mm)`=[10.2, na])',
    );
  });

  it('without names get some, and a name that comes twice is told apart', () => {
    expect(parseTable('1\t2\n3\t4').columns.map((c) => c.name)).toEqual(['x1', 'x2']);
    expect(parseTable('a;a\n1;2').columns.map((c) => c.name)).toEqual(['a', 'a_2']);
    expect(parseTable('a,"b,c"\n1,2').columns[1].name).toBe('b,c');
    expect(parseTable('only one line')).toBeNull();
  });

  it('that are too large are refused with what to do', () => {
    const columns = [{ name: 'x', cells: Array(5000).fill('1') }];
    expect(() => tableStatement('t', columns)).toThrow(/5000 cells .* upload/);
  });

  it('and files get names the language knows', () => {
    expect(variableName('Etch rate 2024.csv')).toBe('etch_rate_2024');
    expect(variableName('data.csv')).toBe('data_1');
    expect(variableName('7.csv', ['runs'])).toBe('runs_2');
  });
});

describe('a field', () => {
  it('refuses what its limits forbid, in words', () => {
    const sub = parameter('spc.xbar_r', 'subgroup');
    expect(written(sub, '1')).toEqual({ error: 'must be at least 2' });
    expect(written(sub, '2.5')).toEqual({ error: "'2.5' is not a whole number" });
    expect(written(sub, '5')).toEqual({ text: '5' });
    expect(limitWords(sub)).toBe('at least 2, at most 1000');
  });

  it('takes percent for a fraction and judges what it means', () => {
    const alpha = parameter('doe.effects', 'alpha');
    expect(written(alpha, '5 %')).toEqual({ text: '5%' });
    expect(written(alpha, '0,05')).toEqual({ text: '0.05' });
    expect(written(alpha, '5')).toEqual({ error: 'must be below 1' });
  });

  it('writes ranges and says why one is none', () => {
    const spec = parameter('quality.capability', 'spec');
    expect(written(spec, '9,8..10.2 mm')).toEqual({ text: '9.8..10.2 mm' });
    expect(written(spec, '10..9')).toEqual({ error: 'the low end must be below the high end' });
    expect(rangeParts('150..200 degC')).toEqual({ low: '150', high: '200', unit: 'degC' });
  });

  it('writes factors with ranges, units and levels', () => {
    const factors = parameter('doe.full_factorial', 'factors');
    const value = [
      { name: 'temperature', low: '150', high: '180', unit: 'degC', levels: '' },
      { name: 'feed rate', low: '', high: '', unit: '', levels: 'slow, fast' },
      { name: 'speed', low: '', high: '', unit: '', levels: '100; 200; 300' },
    ];
    expect(written(factors, value).texts).toEqual([
      'temperature=150..180 degC',
      '`feed rate`=["slow", "fast"]',
      'speed=[100, 200, 300]',
    ]);
    expect(written(factors, [value[0], value[0]]).error).toBe("'temperature' comes twice");
    expect(written(factors, [{ ...value[0], high: '100' }]).error).toMatch(/temperature: .*below/);
  });
});

describe('a form', () => {
  it('shows what is missing, then the program', () => {
    const operation = named('spc.xbar_r');
    const empty = formProgram(operation, emptyForm(operation));
    expect(empty.errors).toEqual({ x: 'needed' });
    const values = {
      ...emptyForm(operation),
      x: '25,1 25,3 24,9 25,0',
      subgroup: '2',
      rules: 'nelson',
    };
    expect(formProgram(operation, values)).toEqual({
      program: 'chart = spc.xbar_r(x=[25.1, 25.3, 24.9, 25.0], subgroup=2, rules=nelson)\n',
      errors: {},
    });
  });

  it.each(operations.flatMap((o) => o.examples.map((e) => [o.name, e])))(
    'of %s is filled by its example and writes it again: %s',
    (name, example) => {
      const operation = named(name);
      const read = readProgram(operation, example);
      const first = formProgram(operation, read.values, read.preamble);
      expect(first.errors).toEqual({});
      const again = readProgram(operation, first.program);
      expect(formProgram(operation, again.values, again.preamble).program).toBe(first.program);
    },
  );

  it('knows the columns of tables in its program', () => {
    expect(
      variablesOf(['t = table(a=[1], `b c`=[2])', 'd = doe.box_behnken(n_factors=3)']),
    ).toEqual([
      { name: 't', operation: 'table', columns: ['a', 'b c'] },
      { name: 'd', operation: 'doe.box_behnken', columns: [] },
    ]);
  });
});

describe('the search', () => {
  const index = searchIndex(operations);
  it.each([
    ['xbar', 'spc.xbar_r'],
    ['control chart of averages', 'spc.xbar_r'],
    ['cpk', 'quality.capability'],
    ['box behnken', 'doe.box_behnken'],
    ['doe.effects', 'doe.effects'],
    ['which factors matter', 'doe.effects'],
  ])('“%s” finds %s among the first three', (text, name) => {
    expect(
      search(index, text)
        .slice(0, 3)
        .map((o) => o.name),
    ).toContain(name);
  });
  it('finds nothing for nonsense and everything for nothing', () => {
    expect(search(index, 'qzxv')).toEqual([]);
    expect(search(index, ' ')).toHaveLength(operations.length);
  });
});

describe('the page of an operation', () => {
  const answer = {
    program: 'chart = spc.i_mr([1, 2, 3])\n',
    results: [
      {
        name: 'chart',
        operation: 'spc.i_mr',
        values: { center: 2 },
        units: {},
        tables: [],
        figures: [],
        assumptions: [],
        warnings: [],
        conclusion: 'Center 2.',
      },
    ],
    audit: {
      passed: true,
      checks: [{ name: 'chart.center', value: 2, recomputed: 2, tolerance: 1e-9, passed: true }],
    },
  };
  let sent;
  beforeEach(() => {
    sent = [];
    vi.stubGlobal('fetch', async (url, { body }) => {
      if (String(url).endsWith('/run')) sent.push(JSON.parse(body));
      const json = String(url).endsWith('/run') ? answer : operations;
      return new Response(JSON.stringify(json), {
        headers: { 'content-type': 'application/json' },
      });
    });
  });

  it('refuses an empty form beside the field and sends nothing', () => {
    render(<OperationPage operation={named('spc.i_mr')} onBack={() => {}} />);
    fireEvent.click(screen.getByRole('button', { name: 'Run' }));
    expect(screen.getByRole('alert').textContent).toMatch(/x: needed/);
    expect(document.activeElement.getAttribute('aria-invalid')).toBe('true');
    expect(sent).toEqual([]);
  });

  it('runs the program that it shows and shows what came out', async () => {
    render(<OperationPage operation={named('spc.i_mr')} onBack={() => {}} />);
    fireEvent.change(screen.getByLabelText(/^x/), { target: { value: '1\n2\n3' } });
    expect(screen.getByLabelText('Program').value).toBe('chart = spc.i_mr(x=[1, 2, 3])\n');
    fireEvent.click(screen.getByRole('button', { name: 'Run' }));
    await waitFor(() => expect(screen.getByText('Center 2.')).toBeTruthy());
    expect(sent[0].program).toBe('chart = spc.i_mr(x=[1, 2, 3])\n');
    expect(screen.getByText('audit 1/1')).toBeTruthy();
  });

  it('lets the program be changed by hand and goes back to the form', () => {
    render(<OperationPage operation={named('spc.i_mr')} onBack={() => {}} />);
    fireEvent.click(screen.getByRole('button', { name: 'Example 1' }));
    const made = screen.getByLabelText('Program').value;
    fireEvent.change(screen.getByLabelText('Program'), { target: { value: 'other' } });
    expect(screen.getByText('edited by hand')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Back to the form' }));
    expect(screen.getByLabelText('Program').value).toBe(made);
  });
});
