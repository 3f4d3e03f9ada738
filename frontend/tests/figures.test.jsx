import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import Figure from '../src/components/figures/Figure.jsx';
import { KINDS } from '../src/components/figures/kinds.js';
import { broken, phases, ruleSet, zones } from '../src/lib/figures/control.js';
import { exclusions, leaveOut, newStage, takeBack } from '../src/lib/figures/exclusions.js';
import { placeLabels } from '../src/lib/figures/labels.js';
import { normalQuantile, normalScores } from '../src/lib/figures/normal.js';
import { tickTexts } from '../src/lib/figures/numbers.js';
import { argument, splitTop, statements, withArguments } from '../src/lib/figures/program.js';
import { figureRows } from '../src/lib/figures/rows.js';
import { figureCsv, svgText } from '../src/lib/figures/save.js';
import { area, bands, linear, log, path, stepPath } from '../src/lib/figures/scale.js';
import { filled, heightAt, levelsOf } from '../src/lib/figures/surface.js';
import examples from './figures/examples.json';

const named = (kind) => examples.filter((e) => e.figure.kind === kind);

/** The kinds of figures that the Python code makes, read from its source. */
function kindsMade() {
  const root = join(import.meta.dirname, '../../havoc/tools');
  const files = readdirSync(root, { recursive: true }).filter((f) => f.endsWith('.py'));
  const made = files.flatMap((f) =>
    [...readFileSync(join(root, f), 'utf8').matchAll(/\bFigure\(\s*"(\w+)"/g)].map((m) => m[1]),
  );
  return [...new Set(made)];
}

vi.setConfig({ testTimeout: 60_000 }); // a busy machine; nothing here waits

describe('drawings', () => {
  it('exist for every kind of figure that an operation makes', () => {
    const made = kindsMade();
    expect(made.length).toBeGreaterThan(30);
    expect(made.filter((kind) => !KINDS[kind])).toEqual([]);
  });

  it.each(examples.map((e) => [`${e.figure.kind}: ${e.figure.title}`, e]))(
    '%s is drawn with marks, a name and no failure',
    (_name, example) => {
      const { container } = render(<Figure {...example} />);
      expect(screen.queryByRole('alert')).toBeNull();
      const svgs = [...container.querySelectorAll('svg.chart-svg')];
      expect(svgs.length).toBeGreaterThan(0);
      for (const svg of svgs) {
        expect(svg.getAttribute('aria-label').length).toBeGreaterThan(5);
        expect(svg.querySelectorAll('circle, rect, path, line').length).toBeGreaterThan(3);
        expect(new XMLSerializer().serializeToString(svg)).not.toMatch(/NaN|undefined|Infinity/);
      }
    },
  );

  it('say so and show the data where a kind is unknown or the data are damaged', () => {
    render(<Figure figure={{ kind: 'sunburst', title: 'New', data: { x: [1, 2] } }} />);
    expect(screen.getByText(/no drawing of the kind/)).toBeTruthy();
    vi.spyOn(console, 'error').mockImplementation(() => {});
    render(<Figure figure={{ kind: 'histogram', title: 'Torn', data: { edges: [] } }} />);
    expect(screen.getByRole('alert').textContent).toMatch(/could not be drawn/);
  });

  it('have no accessibility violations (contrast needs a layout and is tested in the browser)', async () => {
    const { container } = render(
      <main>
        {['control_chart', 'contour'].map((kind) => (
          <Figure key={kind} {...named(kind)[0]} onRerun={() => {}} />
        ))}
      </main>,
    );
    const found = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(found.violations.map((v) => [v.id, v.nodes[0].html])).toEqual([]);
  }, 30_000);
});

describe('a control chart', () => {
  const [example] = named('control_chart').filter((e) => e.figure.title.includes('Individuals'));

  it('never shows specification limits, even where data carry them', () => {
    const figure = {
      ...example.figure,
      data: { ...example.figure.data, lsl: 9.1234, usl: 11.4321 },
    };
    const { container } = render(<Figure {...example} figure={figure} />);
    expect(container.textContent).not.toMatch(/USL|LSL|9\.1234|11\.4321/);
  });

  it('names each point, its rules and what is left out, for those who do not see it', () => {
    render(<Figure {...example} />);
    const points = within(screen.getByRole('listbox')).getAllByRole('option');
    expect(points).toHaveLength(example.figure.data.point.length);
    expect(points[7].getAttribute('aria-label')).toMatch(
      /^point 8: 11.9, left out of the limits, breaks Nelson 1 \(1 point beyond 3 sigma\)/,
    );
  });

  it('is one stop for Tab; arrows, Home, End and N move, Enter opens the point', () => {
    render(<Figure {...example} />);
    const list = screen.getByRole('listbox');
    const stops = () => list.querySelectorAll('[tabindex="0"]');
    expect(stops()).toHaveLength(1);
    stops()[0].focus();
    fireEvent.keyDown(document.activeElement, { key: 'ArrowRight' });
    expect(document.activeElement.getAttribute('data-index')).toBe('1');
    fireEvent.keyDown(document.activeElement, { key: 'End' });
    expect(document.activeElement.getAttribute('data-index')).toBe(
      String(example.figure.data.point.length - 1),
    );
    fireEvent.keyDown(document.activeElement, { key: 'Home' });
    fireEvent.keyDown(document.activeElement, { key: 'n' });
    const first = Number(document.activeElement.getAttribute('data-index'));
    expect(example.figure.data.violations.map((v) => v.point)).toContain(first + 1);
    fireEvent.keyDown(document.activeElement, { key: 'Enter' });
    expect(screen.getByRole('region', { name: `Point ${first + 1}` })).toBeTruthy();
    expect(stops()).toHaveLength(1);
  });

  it('leaves a point out only with a reason, by a changed program', async () => {
    const onRerun = vi.fn().mockResolvedValue({});
    render(<Figure {...example} onRerun={onRerun} />);
    fireEvent.click(screen.getByRole('option', { name: /^point 24:/ }));
    const button = screen.getByRole('button', { name: 'Leave out and recompute' });
    expect(button.disabled).toBe(true);
    fireEvent.change(screen.getByLabelText(/Assignable cause/), {
      target: { value: 'wrong; material' },
    });
    fireEvent.click(button);
    await waitFor(() => expect(onRerun).toHaveBeenCalledOnce());
    const { program, reason } = onRerun.mock.calls[0][0];
    expect(reason).toBe('point 24 left out: wrong; material');
    expect(argument(program, 'chart', 'exclude')).toBe('[8, 24]');
    expect(argument(program, 'chart', 'reasons')).toMatch(/; wrong, material"$/);
  });

  it('shows what the server refuses beside the button', async () => {
    const onRerun = vi.fn().mockRejectedValue(new Error('too few points are left'));
    render(<Figure {...example} onRerun={onRerun} />);
    fireEvent.click(screen.getByRole('button', { name: 'Take back' }));
    await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/too few points/));
  });

  it('zooms by its buttons and back', () => {
    render(<Figure {...example} />);
    fireEvent.click(screen.getByRole('button', { name: 'Zoom in' }));
    const zoomed = screen.getAllByRole('option').length;
    expect(zoomed).toBeLessThan(24);
    fireEvent.click(screen.getByRole('button', { name: 'Later points' }));
    expect(screen.getAllByRole('option')).toHaveLength(zoomed);
    fireEvent.click(screen.getByRole('button', { name: 'All points' }));
    expect(screen.getAllByRole('option')).toHaveLength(24);
  });

  it('has zones only where the limits stand evenly at three sigma', () => {
    const flat = { center: [10, 10], ucl: [13, 13], lcl: [7, 7] };
    expect(zones(flat, 2).map((z) => z.y[0])).toEqual([8, 9, 11, 12]);
    expect(zones({ ...flat, lcl: [0, 0] }, 2)).toEqual([]);
    expect(zones({ ...flat, ucl: [13, null] }, 2)).toEqual([]);
  });

  it('names the rule set: as asked, else of the rules broken', () => {
    expect(ruleSet([], 'nelson')).toBe('Nelson');
    expect(ruleSet([{ rule: 'Western Electric 4' }], null)).toBe('Western Electric');
    expect(ruleSet([], null)).toBeNull();
    expect(
      broken([
        { point: 3, rule: 'a' },
        { point: 3, rule: 'a' },
        { point: 3, rule: 'b' },
      ]).get(3),
    ).toHaveLength(2);
  });

  it('tells phases from names and from a baseline', () => {
    expect(phases({ point: [1, 2, 3], phase: ['a', 'a', 'b'] })).toEqual([
      { name: 'a', from: 0, to: 1 },
      { name: 'b', from: 2, to: 2 },
    ]);
    expect(phases({ point: [1, 2, 3, 4], baseline: [1, 2] }).map((p) => [p.from, p.to])).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(phases({ point: [1, 2], baseline: null })).toEqual([]);
  });
});

describe('residual panels', () => {
  it('select the same row in every panel and in the table', () => {
    const [example] = named('residuals');
    render(<Figure {...example} />);
    fireEvent.click(screen.getAllByRole('option', { name: /^row 3:/ })[0]);
    const chosen = screen.getAllByRole('option', { selected: true });
    expect(chosen).toHaveLength(3);
    expect(screen.getByRole('button', { name: '3', pressed: true })).toBeTruthy();
  });
});

describe('files of a figure', () => {
  it.each(examples.map((e) => [e.figure.kind, e.figure]))(
    '%s has a table of its data',
    (_kind, figure) => {
      const { columns, rows } = figureRows(figure);
      expect(columns.length).toBeGreaterThan(0);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows.slice(0, 5)) expect(row.length).toBeLessThanOrEqual(columns.length);
    },
  );

  it('a CSV keeps coded levels and disarms formulas', () => {
    const figure = {
      kind: 'pareto',
      title: 'x',
      data: { names: ['=1+1', '@A', '-1', 'A:B'], values: [-1, 1, 2, 3] },
    };
    expect(figureCsv(figure).split('\r\n')).toEqual([
      'names,values',
      "'=1+1,-1",
      "'@A,1",
      '-1,2',
      'A:B,3',
      '',
    ]);
  });

  it('an SVG stands alone: a namespace, no classes, no controls', () => {
    const { container } = render(<Figure {...named('control_chart')[0]} />);
    const text = svgText(container.querySelector('svg.chart-svg'), 'Title & more', '#fff');
    expect(text).toContain('xmlns="http://www.w3.org/2000/svg"');
    expect(text).toContain('Title &amp; more');
    expect(text).not.toMatch(/class=|tabindex|data-control|<script/);
    expect(
      new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror'),
    ).toBeNull();
  });
});

describe('edits of a program', () => {
  const program =
    '# note\nt = table(a=[1, 2], `b c`=["x, y", "(z"])\nchart = spc.i_mr(t.a, rules=nelson)  # why\n';

  it('read statements with strings, brackets and comments in the way', () => {
    expect(statements(program).map((s) => [s.name, s.operation, s.args.length])).toEqual([
      ['t', 'table', 2],
      ['chart', 'spc.i_mr', 2],
    ]);
    expect(splitTop('a, [b, c], "d, e"')).toEqual(['a', '[b, c]', '"d, e"']);
    expect(argument(program, 'chart', 'rules')).toBe('nelson');
  });

  it('set, replace and take away one argument and leave all else', () => {
    const changed = withArguments(program, 'chart', { exclude: '[3]', rules: 'limits' });
    expect(changed).toContain('chart = spc.i_mr(t.a, rules=limits, exclude=[3])  # why');
    expect(withArguments(changed, 'chart', { exclude: null, rules: 'nelson' })).toBe(program);
    expect(() => withArguments(program, 'nothing', {})).toThrow(/no statement 'nothing'/);
  });

  it('keep the reason of each point left out, and give the program back when it is taken back', () => {
    const once = leaveOut(program, 'chart', 8, 'gauge slipped');
    const twice = leaveOut(once, 'chart', 3, 'other; lot');
    expect(exclusions(twice, 'chart')).toEqual([
      { point: 3, reason: 'other, lot' },
      { point: 8, reason: 'gauge slipped' },
    ]);
    expect(takeBack(takeBack(twice, 'chart', 3), 'chart', 8)).toBe(program);
  });

  it('write the reason in a comment where an operation takes none', () => {
    const ewma = 'chart = spc.ewma([1, 2, 3], weight=0.2)\n';
    const left = leaveOut(ewma, 'chart', 2, 'power cut');
    expect(left).toBe(
      '# chart: point 2 left out of the limits: power cut\nchart = spc.ewma([1, 2, 3], weight=0.2, exclude=[2])\n',
    );
    expect(exclusions(left, 'chart')).toEqual([{ point: 2, reason: 'power cut' }]);
    expect(takeBack(left, 'chart', 2)).toBe(ewma);
  });

  it('a new stage takes the place of a baseline', () => {
    const based = 'c = spc.p(x, size=50, baseline=1..10)';
    expect(newStage(newStage(based, 'c', 15), 'c', 8)).toBe(
      'c = spc.p(x, size=50, stages=[8, 15])',
    );
  });
});

describe('numbers and places', () => {
  // Abramowitz and Stegun (1972), table 26.5, and -4.753424 for 1e-6.
  it.each([
    [0.5, 0],
    [0.975, 1.959964],
    [0.995, 2.575829],
    [0.001, -3.090232],
    [1e-6, -4.753424],
  ])('the normal quantile of %f is %f', (p, z) => expect(normalQuantile(p)).toBeCloseTo(z, 5));

  it('normal scores are symmetric and rise', () => {
    const scores = normalScores(9);
    expect(scores[4]).toBeCloseTo(0, 12);
    scores.forEach((s, i) => expect(s).toBeCloseTo(-scores[8 - i], 9));
  });

  it('scales and their inverses agree, ticks are inside', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        (low, size) => {
          const scale = linear([low, low + size], [40, 600]);
          expect(scale.invert(scale(low + size / 3))).toBeCloseTo(low + size / 3, 3);
          for (const t of scale.ticks(6)) expect(scale(t)).toBeGreaterThanOrEqual(39.9);
        },
      ),
    );
    expect(log([1, 1000], [0, 300])(10)).toBeCloseTo(100, 9);
    expect(bands(4, [0, 400])(1)).toBe(150);
  });

  it('ticks have one number of decimals', () => {
    expect(tickTexts([0, 0.5, 1])).toEqual(['0.0', '0.5', '1.0']);
    expect(tickTexts([-20, 0, 20])).toEqual(['−20', '0', '20']);
  });

  it('paths break where a value is missing and steps keep their height', () => {
    expect(
      path([
        [0, 0],
        [1, NaN],
        [2, 2],
        [3, 3],
      ]),
    ).toBe('M0,0M2,2L3,3');
    expect(
      stepPath([
        [0, 0],
        [1, 5],
      ]),
    ).toBe('M0,0L1,0L1,5');
    expect(area([0, 1], [2, 2], [1, 1])).toBe('M0,2L1,2L1,1L0,1Z');
  });

  it('labels never lie over each other or outside the frame', () => {
    const point = fc.record({
      x: fc.integer({ min: 0, max: 300 }),
      y: fc.integer({ min: 0, max: 200 }),
      text: fc.string({ minLength: 1, maxLength: 12 }),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 25 }), (items) => {
        const placed = placeLabels(items, { x0: 0, x1: 300, y0: 0, y1: 200 });
        const boxes = placed.map((p) => {
          const w = p.text.length * 11 * 0.56;
          const x0 = p.anchor === 'start' ? p.lx : p.anchor === 'end' ? p.lx - w : p.lx - w / 2;
          return [x0, x0 + w, p.ly - 9, p.ly + 2];
        });
        boxes.forEach((a, i) =>
          boxes.slice(i + 1).forEach((b) => {
            expect(a[0] < b[1] && b[0] < a[1] && a[2] < b[3] && b[2] < a[3]).toBe(false);
          }),
        );
      }),
    );
  });
});

describe('a surface', () => {
  const x = [0, 1, 2, 3];
  const y = [10, 20, 30];
  const z = y.map((b) => x.map((a) => a + b)); // a plane, so interpolation is exact

  it('is read at any setting and nowhere outside', () => {
    expect(heightAt({ x, y, z }, 1.5, 25)).toBeCloseTo(26.5, 12);
    expect(heightAt({ x, y, z }, 3.5, 25)).toBeNull();
    const bowl = y.map((b) => x.map((a) => 2 * a * a - a * b + 0.1 * b * b));
    const exact = 2 * 1.3 ** 2 - 1.3 * 22 + 0.1 * 22 ** 2;
    expect(heightAt({ x, y, z: bowl }, 1.3, 22)).toBeCloseTo(exact, 9);
  });

  it('has contours where the plane has these heights', () => {
    const sx = linear([0, 3], [0, 300]);
    const sy = linear([10, 30], [200, 0]);
    const levels = levelsOf(z, 5);
    expect(levels.length).toBeGreaterThan(2);
    for (const { level, lines } of filled({ x, y, z }, levels, sx, sy))
      for (const [px, py] of lines.flat()) {
        // The edge of a filled part may run along the frame's corner cells; inside it is exact.
        if (px > 1 && px < 299 && py > 1 && py < 199)
          expect(sx.invert(px) + sy.invert(py)).toBeCloseTo(level, 6);
      }
  });
});
