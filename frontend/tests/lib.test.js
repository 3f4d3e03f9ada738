// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { applyEvent, assumptionsOf, auditCount, emptyAnswer } from '../src/lib/answer.js';
import { explain } from '../src/lib/explain.js';
import { figuresFirst, mathDelimiters, splitBlocks, withoutSections } from '../src/lib/blocks.js';
import * as talk from '../src/lib/conversation.js';
import { csvCell, fileName, toCsv, toTsv } from '../src/lib/exporting.js';
import { tickTexts } from '../src/lib/figures/numbers.js';
import { decimalComma, formatMs, formatNumber, localised, parseNumber, setDecimalSign } from '../src/lib/format.js'; // prettier-ignore
import { attachmentOf, freeName, pastedTable } from '../src/lib/intake.js';
import {
  agrees,
  checksOf,
  lookUp,
  placeName,
  statementsOf,
  withoutLinks,
} from '../src/lib/places.js';
import { answerText } from '../src/lib/transcript.js';

const TEXT = `The mean is [10.28](#v:r1.center).

| a | b |
|---|---|
| 1 | 2 |

[[figure:r1.1]]

- one

  still one
- two

1. first

2. second

\`\`\`havoc
r1 = spc.i_mr(x=[1, 2])

r2 = r1
\`\`\`

$$
x^2
$$

### Program

The end.`;

describe('blocks of Markdown', () => {
  test('are cut at the top level only', () => {
    const kinds = splitBlocks(TEXT).map((b) => b.kind);
    expect(kinds).toEqual([
      'markdown', 'markdown', 'figure', 'markdown', 'code', 'math', 'heading', 'markdown',
    ]); // prettier-ignore
    expect(splitBlocks(TEXT)[4]).toMatchObject({ lang: 'havoc', closed: true });
    expect(splitBlocks(TEXT)[2].ref).toBe('r1.1');
  });

  test('that are finished never change while text streams in', () => {
    let before = [];
    for (let end = 1; end <= TEXT.length; end++) {
      const now = splitBlocks(TEXT.slice(0, end));
      // all but the last block of an earlier moment are still there, untouched
      for (let i = 0; i + 2 < before.length; i++) expect(now[i]).toEqual(before[i]);
      before = now;
    }
  });

  test('an open fence holds everything until it is closed', () => {
    const [code] = splitBlocks('```python\nx = 1\n\n# not a heading\n[[figure:r1.1]]');
    expect(code).toMatchObject({ kind: 'code', closed: false });
    expect(code.text).toContain('# not a heading');
  });

  test('lose no line, whatever the text', () => {
    const words = fc.constantFrom(
      'a',
      '',
      '- b',
      '  c',
      '```',
      '$$',
      '# d',
      '| e |',
      '[[figure:r1.1]]',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 20 }), (lines) => {
        const marks = (t) => [...t.matchAll(/[abce]|d$/gm)].length;
        const kept = splitBlocks(lines.join('\n'))
          .map((b) => b.text)
          .join('\n');
        expect(marks(kept)).toBe(marks(lines.join('\n')));
      }),
      { seed: 3 },
    );
  });

  test('sections that are shown elsewhere are left out, up to the next heading', () => {
    const blocks = splitBlocks('a\n\n### Program\n\nb\n\n### Other\n\nc');
    const kept = withoutSections(blocks, new Set(['program'])).map((b) => b.text);
    expect(kept).toEqual(['a', '### Other', 'c']);
  });
});

test('figures go before the tables of their section, and stay the same blocks', () => {
  const text =
    'Conclusion.\n\n| a |\n|---|\n| 1 |\n\n[[figure:r1.1]]\n\n### Two\n\n**points**\n\n| b |\n|---|\n\n[[figure:r2.1]]';
  const blocks = figuresFirst(splitBlocks(text));
  expect(blocks.map((b) => b.ref ?? b.text.slice(0, 5))).toEqual([
    'Concl', 'r1.1', '| a |', '### T', 'r2.1', '**poi', '| b |',
  ]); // prettier-ignore
  expect(blocks.map((b) => b.at)).toEqual([0, 2, 1, 3, 6, 4, 5]);
});

test('money stays money; backslash delimiters become maths outside of code', () => {
  expect(mathDelimiters('costs $5 ... $40')).toBe('costs $5 ... $40');
  expect(mathDelimiters('\\(x^2\\) and `\\(y\\)`')).toBe('$$x^2$$ and `\\(y\\)`');
});

const RESULTS = [
  {
    name: 'r2',
    operation: 'quality.capability',
    values: { cpk: 1.3346420255968166, ci: [0.1, 0.2], expected: [[1, 2], [3, 4]], word: 'yes' },
    tables: [{ name: 'indices', columns: ['index', 'value'], rows: [['Cp', 1.5], ['Cpk', 1.25]] }],
    assumptions: [
      { name: 'normality', met: true, detail: 'W = 0.9', statistic: 0.9, p_value: 0.4 },
      { name: 'equal variances', met: false, detail: 'F = 9', statistic: 9, p_value: 0.001 },
      { name: 'independence', met: null, detail: 'look at the order' },
    ],
  },
]; // prettier-ignore

describe('places of numbers', () => {
  test.each([
    ['#v:r2.cpk', 1.3346420255968166],
    ['#v:r2.ci.b', 0.2],
    ['#v:r2.expected.b.a', 3],
    ['#v:r2.tables.a.b.b', 1.25],
    ['#v:r2.word', 'yes'],
    ['#v:r2.constructor', undefined],
    ['#v:r2.tables.b.a.a', undefined],
    ['#v:r9.cpk', undefined],
    ['#v:r2.ci.zz', undefined],
    ['#v:javascript', undefined],
  ])('%s', (href, value) => {
    expect(lookUp(RESULTS, href).value).toEqual(value);
  });

  test('a text that shows another number than its place is found out', () => {
    expect(agrees('1.335', 1.3346420255968166)).toBe(true);
    expect(agrees('1.33', 1.3346420255968166)).toBe(true);
    expect(agrees('1.43', 1.3346420255968166)).toBe(false);
    expect(agrees('2.4e-04', 0.00024354)).toBe(true);
    expect(agrees('-1', -1)).toBe(true);
    expect(agrees('1', undefined)).toBe(false);
  });

  test('are told as people count', () => {
    expect(placeName(lookUp(RESULTS, '#v:r2.ci.b'))).toBe('r2.ci[2]');
    expect(placeName(lookUp(RESULTS, '#v:r2.tables.a.b.b'))).toBe('r2, indices, row 2, value');
  });

  test('have their checks', () => {
    const audit = { checks: [{ name: 'r2.cpk' }, { name: 'r2.cpk_ci' }, { name: 'r2.cpk[1]' }] };
    expect(checksOf(audit, { name: 'r2', key: 'cpk' }).map((c) => c.name)).toEqual([
      'r2.cpk',
      'r2.cpk[1]',
    ]);
  });

  test('have the statements that made them, and only those', () => {
    const program = 'd = table(x=[1,\n  2])\nother = data("d.csv")\nr1 = stats.mean(x=d.x)';
    expect(statementsOf(program, 'r1')).toBe('d = table(x=[1,\n  2])\nr1 = stats.mean(x=d.x)');
  });

  test('links can be taken out', () => {
    expect(withoutLinks('Cp [1.33](#v:r2.cp) [[1]](#c:1)')).toBe('Cp 1.33 [1]');
  });
});

describe('an answer', () => {
  const feed = (...events) =>
    events.reduce((a, [id, event, data]) => applyEvent(a, { id, event, data }), emptyAnswer());

  test('is put together from its events', () => {
    const answer = feed(
      [1, 'meta', { run_id: 'r', model: 'm' }],
      [2, 'stage', { name: 'mode', status: 'started', ms: 0 }],
      [3, 'stage', { name: 'mode', status: 'finished', ms: 5 }],
      [4, 'result', RESULTS[0]],
      [5, 'token', { t: 'a' }],
      [6, 'token', { t: 'b' }],
      [7, 'audit', { passed: true, checks: [{ passed: true }, { passed: false }] }],
      [8, 'done', { status: 'answered', reasoning: { status: 'answered', program: 'p', objections: [{ step: 'r2', name: 'equal variances', severity: 'serious', remedy: 'Welch' }] } }],
    ); // prettier-ignore
    expect(answer).toMatchObject({
      phase: 'done',
      outcome: 'answered',
      text: 'ab',
      seen: 8,
      program: 'p',
    });
    expect(answer.stages).toHaveLength(1);
    expect(auditCount(answer.audit)).toEqual({ passed: 1, total: 2 });
    expect(assumptionsOf(answer).map((a) => a.tone)).toEqual(['good', 'bad', 'neutral']);
  });

  test('keeps what had come when it is stopped or fails', () => {
    const cancelled = feed(
      [1, 'token', { t: 'half' }],
      [2, 'error', { code: 'cancelled', message: '' }],
      [3, 'done', { status: 'cancelled' }],
    );
    expect(cancelled).toMatchObject({ phase: 'stopped', text: 'half' });
    const failed = feed(
      [1, 'error', { code: 'internal', message: 'no' }],
      [2, 'done', { status: 'failed' }],
    );
    expect(failed.phase).toBe('error');
  });

  test('every error says what to do', () => {
    for (const code of ['unreachable', 'unavailable', 'busy', 'bad_input', 'anything']) {
      const told = explain({ code, message: 'M.' });
      expect(told.title && told.help && told.actions.length).toBeTruthy();
    }
    expect(explain({ status: 401, message: '' }).actions).toContain('settings');
  });

  test('is exported without links, with its audit, figures and re-runs', () => {
    const answer = {
      ...emptyAnswer(),
      text: 'Cpk [1.33](#v:r2.cpk)\n\n[[figure:r2.1]]',
      results: [{ name: 'r2', figures: [{ title: 'Histogram' }] }],
      audit: { checks: [{ passed: true }] },
      revisions: [{ reason: 'edited', program: 'p', results: [{ conclusion: 'C.' }] }],
      provenance: { model: 'm@1' },
    };
    expect(answerText(answer)).toBe(
      '## Answer\n\nCpk 1.33\n\n*Figure: Histogram*\n\n*Audit: 1 of 1 checks passed.*\n\n### Run again 1 (edited)\n\n- C.\n\n```havoc\np\n```\n\n*Made by model m@1*',
    );
  });
});

describe('a conversation', () => {
  const begin = () => {
    let c = talk.newConversation();
    let q, a;
    [c, q] = talk.addQuestion(c, 'root', 'first question', [{ name: 'a.csv', content: 'x' }]);
    [c, a] = talk.addAnswer(c, q.id, true);
    return { c, q, a };
  };

  test('branches when a question is edited, and both branches stay', () => {
    const { c, q } = begin();
    const [edited, other] = talk.addQuestion(c, 'root', 'other words');
    expect(talk.path(edited).map((n) => n.text ?? '')).toEqual(['other words']);
    expect(talk.branch(edited, other.id)).toEqual({ position: 2, count: 2 });
    const back = talk.turn(edited, other.id, -1);
    expect(talk.path(back).map((n) => n.id)).toEqual([q.id, talk.path(c)[1].id]);
    expect(talk.turn(back, q.id, -1)).toBe(back);
  });

  test('takes files along until they are left behind', () => {
    const { c, a } = begin();
    const [second, q2] = talk.addQuestion(c, a.id, 'more', [{ name: 'b.csv' }]);
    expect(talk.requestFor(second, q2.id).attachments.map((f) => f.name)).toEqual([
      'a.csv',
      'b.csv',
    ]);
    const [without, q3] = talk.addQuestion(second, q2.id, 'less', [], ['a.csv']);
    expect(talk.requestFor(without, q3.id).attachments.map((f) => f.name)).toEqual(['b.csv']);
    expect(talk.carriedFiles(without).map((f) => f.name)).toEqual(['b.csv']);
  });

  test('sends no empty message', () => {
    const { c, q } = begin();
    expect(talk.requestFor(c, q.id).messages).toEqual([
      { role: 'user', content: 'first question' },
    ]);
  });

  test('changes one answer and leaves every other node as it was', () => {
    const { c, q, a } = begin();
    const next = talk.changeAnswer(c, a.id, (x) => ({ ...x, text: 'new' }));
    expect(next.nodes[q.id]).toBe(c.nodes[q.id]);
    expect(next.nodes[a.id].answer.text).toBe('new');
    expect(talk.changeAnswer(c, a.id, (x) => x)).toBe(c);
  });

  test('is found by any of its words, newest first, and grouped by age', () => {
    const { c } = begin();
    const list = [
      { ...talk.summary(c), id: 'old', updated: 0 },
      { ...talk.summary(c), id: 'new', updated: Date.now() },
    ];
    expect(talk.search(list, 'QUESTION first').map((s) => s.id)).toEqual(['new', 'old']);
    expect(talk.search(list, 'missing')).toEqual([]);
    expect(talk.byAge(list).map((g) => g.name)).toEqual(['Today', 'Earlier']);
    expect(talk.summary(c).running).toBe(true);
  });
});

describe('numbers', () => {
  test.each([
    [1234.5678, 6, 'en', '1,234.57'],
    [1234.5678, 6, 'de', '1.234,57'],
    [-0.5, 3, 'en', '−0.5'],
    [1.4e-5, 2, 'en', '1.4 × 10⁻⁵'],
    [0, 6, 'en', '0'],
    [null, 6, 'en', '–'],
    [true, 6, 'en', 'yes'],
    [Infinity, 6, 'en', '∞'],
  ])('%s with %s digits in %s is %s', (value, digits, locale, text) => {
    expect(formatNumber(value, digits, locale)).toBe(text);
  });

  test('keep the digits of the answer in the reader’s locale', () => {
    expect(localised('1.330', 'de')).toBe('1,330');
    expect(localised('-1234.5', 'en')).toBe('−1,234.5');
    expect(localised('2.4e-05', 'en')).toBe('2.4 × 10⁻⁵');
    expect(localised('n = 3', 'de')).toBe('n = 3');
  });

  test.each([
    ['1,5', true, 1.5],
    ['1.234,5', true, 1234.5],
    ['1,234.5', false, 1234.5],
    ['−3', false, -3],
    ['+2e-3', false, 0.002],
    ['', false, NaN],
    ['1.2.3', false, NaN],
    ['12 mm', false, NaN],
  ])('“%s” (decimal comma: %s) is read as %s', (text, comma, value) => {
    expect(parseNumber(text, comma)).toEqual(value);
  });

  test('follow the decimal sign that was set', () => {
    setDecimalSign('comma');
    expect([formatNumber(1234.5), localised('1.50'), decimalComma()]).toEqual(['1.234,5', '1,50', true]); // prettier-ignore
    expect(tickTexts([0, 0.5, 1])).toEqual(['0,0', '0,5', '1,0']);
    setDecimalSign('point');
    expect([formatNumber(1234.5), localised('1.50'), decimalComma()]).toEqual(['1,234.5', '1.50', false]); // prettier-ignore
    expect(tickTexts([0, 0.5, 1])).toEqual(['0.0', '0.5', '1.0']);
    setDecimalSign('auto');
  });

  test('times are told in the unit that fits', () => {
    expect([0.04, 412, 1840, 125_000].map(formatMs)).toEqual([
      '0.0 ms',
      '412 ms',
      '1.8 s',
      '2 min 5 s',
    ]);
  });
});

describe('CSV', () => {
  test.each([
    ['-1', '-1'],
    ['+1.5e-3', '+1.5e-3'],
    ['-A', "'-A"],
    ['=1+1', "'=1+1"],
    ['@x', "'@x"],
    ['\t=1', "'\t=1"],
    ['-1+cmd|x', "'-1+cmd|x"],
    ['＝1', "'＝1"],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    [null, ''],
    [-1, '-1'],
  ])('%s is written as %s', (value, text) => {
    expect(csvCell(value)).toBe(text);
  });

  test('no cell can begin a formula, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const cell = csvCell(text).replace(/^"/, '');
        if (/^[=+\-@\t\r]/.test(cell)) expect(Number.isFinite(parseNumber(cell, true))).toBe(true);
      }),
      { seed: 5 },
    );
  });

  test('has decimal commas where they are wanted', () => {
    expect(toCsv(['a', 'b'], [[1.5, 'x;y']], { decimalComma: true })).toBe('a;b\r\n1,5;"x;y"\r\n');
  });

  test('on the clipboard has tabs, and the reader’s decimal sign', () => {
    const rows = [[1.5, 'two\nlines'], [-1, '=1+1'], [null, '"x"']]; // prettier-ignore
    expect(toTsv(['a', 'b'], rows)).toBe('a\tb\r\n1.5\ttwo lines\r\n-1\t\'=1+1\r\n\t"""x"""\r\n');
    expect(toTsv(['a'], [[1.5]], { decimalComma: true })).toBe('a\r\n1,5\r\n');
  });

  test('file names suit every system', () => {
    expect(fileName('Größe / “x”: 50 %?', 'csv')).toMatch(/^[\w-]+\.csv$/);
    expect(fileName('???', 'md')).toBe('havoc.md');
  });
});

describe('pasting', () => {
  test('a block from a spreadsheet is a table', () => {
    expect(pastedTable('run\tyield\n1\t90,5\n2\t91,0\n')).toMatchObject({ name: 'pasted.tsv' });
    expect(pastedTable('a;b\n1,5;2\n3;4\n', ['pasted.csv'])).toMatchObject({
      name: 'pasted-2.csv',
    });
  });

  test.each([
    'First, a sentence.\nSecond, another one.\nThird, the last.',
    '10.1 9.8 10.3\n10.0 9.9 10.2\n10.1 9.7 10.4',
    'a,b\n1,2',
    '1\n2\n3\n4',
  ])('prose and plain lists stay text: %s', (text) => {
    expect(pastedTable(text)).toBeNull();
  });

  test('a file that cannot be read is refused with what can', async () => {
    const file = (name, text) => new File([text], name);
    await expect(attachmentOf(file('a.pdf', 'x'))).rejects.toThrow('.csv');
    await expect(attachmentOf(file('a.csv', ''))).rejects.toThrow('empty');
    const made = await attachmentOf(file('a.csv', 'x\n1\n'), ['a.csv']);
    expect(made).toEqual({ name: 'a-2.csv', content_base64: btoa('x\n1\n') });
    expect(freeName('a/b.csv', [])).toBe('a_b.csv');
  });
});
