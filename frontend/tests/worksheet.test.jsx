import 'fake-indexeddb/auto';

import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import Grid from '../src/components/worksheet/Grid.jsx';
import SheetPage from '../src/components/worksheet/SheetPage.jsx';
import {
  analysisProgram,
  confirmation,
  nextDesigns,
  optimumProgram,
  partsOf,
  reducedModel,
  usable,
} from '../src/lib/worksheet/analysis.js';
import { continued, isDesign, kindOf, sheetOf } from '../src/lib/worksheet/design.js';
import {
  addResponse,
  cellNumber,
  pasteAt,
  progress,
  removeResponse,
  rowOrder,
  setCell,
  setResponse,
  sheetCsv,
} from '../src/lib/worksheet/sheet.js';
import { listSheets, loadSheet, removeSheet, saveSheet } from '../src/lib/worksheet/store.js';
import designs from './figures/designs.json';
import { begin, redo, step, undo } from '../src/lib/worksheet/undo.js';

const made = (name) => {
  const { program, result } = designs.find((d) => d.result.operation === name);
  return sheetOf(result, program, new Date(0));
};
const fill = (sheet, values) => values.reduce((s, v, i) => setCell(s, i, 0, v), sheet);

vi.setConfig({ testTimeout: 60_000 }); // a busy machine; nothing here waits

describe('a design as a sheet', () => {
  it.each(designs.map((d) => [d.result.operation, d]))(
    '%s has its runs, settings and seed',
    (_name, { result, program }) => {
      expect(isDesign(result)).toBe(true);
      const sheet = sheetOf(result, program);
      const table =
        result.tables.find((t) => t.name === 'design') ??
        result.tables.find((t) => t.name === 'path');
      expect(sheet.rows).toHaveLength(table.rows.length);
      for (const row of sheet.rows) expect(row.natural).toHaveLength(sheet.factors.length);
      expect(sheet.seed).toBe(result.values.seed ?? null);
      expect(sheet.responses[0].values).toHaveLength(sheet.rows.length);
    },
  );

  it('keeps units and both ends of each factor', () => {
    expect(made('doe.box_behnken').factors[0]).toEqual({
      name: 'temperature',
      unit: 'degC',
      low: 150,
      high: 200,
      levels: '',
    });
  });

  it('is told apart by what it is for', () => {
    const kind = (name) => made(name).kind;
    expect(kind('doe.box_behnken')).toBe('surface');
    expect(kind('doe.fractional_factorial')).toBe('two_level');
    expect(kind('doe.simplex_lattice')).toBe('mixture');
    expect(kind('doe.split_plot')).toBe('split_plot');
    expect(kind('doe.steepest_ascent')).toBe('path');
    expect(
      kindOf(
        'doe.full_factorial',
        designs.find((d) => d.result.operation === 'doe.full_factorial').result,
      ),
    ).toBe('two_level');
  });

  it('is none where nothing can be run', () => {
    expect(
      isDesign({ operation: 'spc.p', tables: [{ name: 'points', columns: ['run'], rows: [] }] }),
    ).toBe(false);
  });
});

describe('cells', () => {
  it('take decimal commas, stay as typed and say what is no number', () => {
    expect(['84,0', ' 1.5 ', '', 'x', '-'].map(cellNumber)).toEqual(['84.0', '1.5', '', null, '']);
  });

  it('are pasted down the rows as they are shown, past a heading, and what has no room is counted', () => {
    let sheet = addResponse(made('doe.box_behnken'));
    const order = rowOrder(sheet, 'std');
    const pasted = pasteAt(sheet, order, 13, 0, 'yield\tcost\n1,5\t2\n3\t4\n5\t6\n');
    expect([pasted.filled, pasted.lost]).toEqual([4, 2]);
    sheet = pasted.sheet;
    expect(sheet.rows[order[13]].std).toBe(14);
    expect(sheet.responses[0].values[order[13]]).toBe('1,5');
    expect(sheet.responses[1].values[order[14]]).toBe('4');
    expect(progress(sheet, 0)).toEqual({ n: 15, filled: 2, bad: 0 });
    expect(removeResponse(sheet, 0).responses).toHaveLength(1);
  });

  it('leave the sheet in a CSV that no spreadsheet takes for formulas, coded levels untouched', () => {
    const sheet = setResponse(fill(made('doe.box_behnken'), ['84,5', '=1+1']), 0, {
      name: 'yield',
      unit: '%',
    });
    const lines = sheetCsv(sheet, { coded: true }).split('\r\n');
    expect(lines[0]).toBe('run order,standard order,type,temperature,pressure,time,yield [%]');
    expect(lines[1]).toBe('1,4,edge,1,1,0,84.5');
    expect(lines[2]).toBe("2,11,edge,0,-1,1,'=1+1");
    expect(sheetCsv(sheet, { coded: true, decimalComma: true }).split('\r\n')[1]).toBe(
      '1;4;edge;1;1;0;84,5',
    );
  });
});

describe('the analysis', () => {
  it('of a surface is coded by the ranges of its factors and leaves empty runs out', () => {
    const sheet = fill(setResponse(made('doe.box_behnken'), 0, { name: 'yield' }), [
      '78,1',
      '84',
      '73.2',
      '88',
      '81',
      '77',
      '85',
      '90',
      '79',
      '87',
      '88',
      '74',
    ]);
    const program = analysisProgram(sheet, 0);
    expect(program).toContain('temperature=[200, 175, 150, ');
    expect(program).toContain('yield=[78.1, 84, 73.2, 88, 81, 77, 85, 90, 79, 87, 88, 74])');
    expect(program).toContain(
      'fit = doe.fit_rsm(response=runs.yield, factors=[runs.temperature, runs.pressure, runs.time], low=[150, 1, 10], high=[200, 5, 30])',
    );
    expect(usable(sheet)).toEqual([0]);
    expect(usable(made('doe.box_behnken'))).toEqual([]);
  });

  it('of a two-level design is followed by the model of its active effects, hierarchy kept', () => {
    const sheet = fill(made('doe.full_factorial'), ['1', '2', '3', '4', '5', '6', '7', '8']);
    const names = sheet.factors.map((f) => f.name);
    expect(partsOf('TK', ['T', 'C', 'K'])).toEqual(['T', 'K']);
    expect(partsOf('temperature:time', ['temperature', 'time'])).toEqual(['temperature', 'time']);
    expect(partsOf('AB', names)).toBeNull();
    const fit = { values: { analysis: 'doe.effects', active: [`${names[0]}:${names[1]}`] } };
    expect(reducedModel(sheet, 0, fit)).toBe(
      `model = stats.anova(response ~ ${names[0]} + ${names[1]} + ${names[0]}:${names[1]}, data=runs)\n`,
    );
    expect(reducedModel(sheet, 0, { values: { analysis: 'doe.effects', active: [] } })).toBeNull();
  });

  it('looks for the optimum of all goals together', () => {
    let sheet = fill(made('doe.box_behnken'), Array(15).fill('5'));
    sheet = addResponse(sheet);
    for (let i = 0; i < 15; i += 1) sheet = setCell(sheet, i, 1, String(i));
    sheet = setResponse(sheet, 1, { name: 'cost', goal: 'target', target: '7,5' });
    const program = optimumProgram(sheet);
    expect(program).toContain(
      'maximize=[runs.response], on_target=[runs.cost], target=[7.5], low=[5, -6.5], high=[10, 21.5], order=second)',
    );
    expect(optimumProgram(setResponse(sheet, 1, { target: '' }))).toBeNull();
    expect(optimumProgram(made('doe.simplex_lattice'))).toBeNull();
  });
});

describe('the next design', () => {
  it('of a fraction is folded over, augmented, or follows the steepest ascent', () => {
    const sheet = fill(made('doe.fractional_factorial'), ['1', '2', '3', '4', '5', '6', '7', '9']);
    const keys = nextDesigns(sheet, 0, { values: {} }).map((d) => d.key);
    expect(keys).toEqual(['fold', 'augment', 'ascent', 'ccd', 'again']);
    const [fold] = nextDesigns(sheet, 0, null);
    expect(fold.program.trim().split('\n').at(-1)).toBe(`next = doe.fold_over(${sheet.name})`);
  });

  it('keeps the responses of the runs that stay', () => {
    const sheet = fill(made('doe.fractional_factorial'), ['1', '2', '3', '4', '5', '6', '7', '9']);
    const { result, program } = designs.find((d) => d.result.operation === 'doe.fold_over');
    const next = continued(sheetOf(result, program), sheet);
    expect(next.rows).toHaveLength(16);
    expect(next.responses[0].values.filter((v) => v !== '').sort()).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '9',
    ]);
    next.rows.forEach((row, i) => {
      const v = next.responses[0].values[i];
      if (v === '') return;
      const before = sheet.rows[sheet.responses[0].values.indexOf(v)];
      expect(row.natural).toEqual(before.natural);
    });
  });

  it('may be confirmation runs at the best settings', () => {
    const sheet = confirmation(made('doe.box_behnken'), [180, 2, 12]);
    expect(sheet.rows.map((r) => r.natural)).toEqual([
      [180, 2, 12],
      [180, 2, 12],
      [180, 2, 12],
    ]);
  });
});

describe('sheets in the browser', () => {
  it('are kept, listed and deleted', async () => {
    const sheet = made('doe.box_behnken');
    expect(await saveSheet(sheet)).toBe(true);
    expect((await loadSheet(sheet.id)).title).toBe(sheet.title);
    expect((await listSheets()).map((s) => s.id)).toContain(sheet.id);
    await removeSheet(sheet.id);
    expect(await loadSheet(sheet.id)).toBeNull();
  });

  it('are saved as one types', async () => {
    const sheet = made('doe.box_behnken');
    render(<SheetPage initial={sheet} />);
    fireEvent.change(screen.getByLabelText('response, run 3'), { target: { value: '84,2' } });
    await screen.findByText('saved in this browser', {}, { timeout: 30_000 });
    expect((await loadSheet(sheet.id)).responses[0].values[2]).toBe('84,2');
    expect(screen.getByRole('button', { name: 'Analyse' }).disabled).toBe(true);
    expect(screen.getByText('randomised with seed 7')).toBeTruthy();
  });
});

describe('the grid', () => {
  beforeEach(() => vi.restoreAllMocks());
  it('locks the settings; Enter goes down, paste fills', () => {
    const onChange = vi.fn();
    const onNote = vi.fn();
    const sheet = made('doe.box_behnken');
    render(<Grid sheet={sheet} coded={false} by="run" onChange={onChange} onNote={onNote} />);
    expect(screen.getAllByRole('textbox')).toHaveLength(15);
    const first = screen.getByLabelText('response, run 1');
    first.focus();
    fireEvent.keyDown(first, { key: 'Enter' });
    expect(document.activeElement).toBe(screen.getByLabelText('response, run 2'));
    fireEvent.paste(first, { clipboardData: { getData: () => '1,5\n2,5\n' } });
    expect(onChange.mock.calls[0][0]().responses[0].values.slice(0, 2)).toEqual(['1,5', '2,5']);
    expect(onNote).toHaveBeenCalledWith('2 cells pasted.');
  });
});

describe('what is done to a sheet', () => {
  const typed = (history, ...texts) => texts.reduce((h, t) => step(h, { t }, '0.0'), history);

  it('is taken back step by step; letters of one field are one step', () => {
    const first = { t: '' };
    let history = typed(begin(first), '1', '12', '12.5');
    history = step(history, { t: 'pasted' });
    history = typed(history, 'pasted!');
    expect(undo(history).now.t).toBe('pasted');
    expect(undo(undo(history)).now.t).toBe('12.5');
    expect(undo(undo(undo(history))).now).toBe(first);
  });

  it('is done again, until something else is done', () => {
    const history = typed(begin({ t: '' }), '1');
    expect(redo(undo(history)).now.t).toBe('1');
    const other = step(undo(history), { t: 'other' }, '0.0');
    expect(other.future).toEqual([]);
    expect(undo(other).now.t).toBe('');
  });

  it('that changes nothing is no step', () => {
    const history = begin({ t: '' });
    expect(step(history, history.now)).toBe(history);
  });
});
