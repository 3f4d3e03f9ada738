/** What is typed, pasted or computed stays: over other views, over a reload, on paper, in a report. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { answerWith, answered, ask, noBrowser, openPage, plainStage } from './harness.js';

const CSV = { name: 'widths.csv', mimeType: 'text/csv', buffer: Buffer.from('lot,width\n1,5.1\n2,5.3\n3,4.9\n') }; // prettier-ignore

describe('nothing is lost', { skip: noBrowser }, () => {
  const stage = plainStage();
  const begin = async (t, view = '', options) => {
    const page = await openPage(stage.browser, `${stage.server.url}#/${view}`, options);
    t.after(() => page.context().close());
    return page;
  };
  const withAnswer = async (t, options) => {
    const page = await begin(t, '', options);
    await answerWith(page, 'individuals');
    await ask(page, 'Make an individuals chart');
    const answer = await answered(page);
    await answer.getByRole('figure').first().waitFor();
    return [page, answer];
  };

  test('a question in the making, with its file: over another view and a reload', async (t) => {
    const page = await begin(t);
    await page.setInputFiles('input[type=file]', CSV);
    await page.fill('#question', 'Is the width');
    const there = async () => {
      await page.getByRole('region', { name: 'File widths.csv' }).getByText('3 rows').waitFor();
      assert.equal(await page.inputValue('#question'), 'Is the width');
    };
    await there();
    await page.getByRole('link', { name: 'Operations' }).click();
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    assert.equal(await page.title(), 'Operations · HAVOC');
    await page.getByRole('link', { name: 'Chat' }).click();
    await there();
    await page.reload();
    await there();
    await answerWith(page, 'individuals');
    await page.press('#question', 'Enter');
    await answered(page);
    assert.equal(await page.title(), 'Is the width · HAVOC');
    await page.reload();
    await answered(page);
    assert.equal(await page.inputValue('#question'), '', 'what was sent is no draft');
    // the file of a question can be looked at again
    await page.getByRole('list', { name: 'Files', exact: true }).getByRole('button').click();
    await page.getByRole('dialog', { name: 'widths.csv' }).getByText('3 rows').waitFor();
    assert.deepEqual(page.faults(), []);
  });

  test('an operation’s form and result, and a sheet: undone and done again', async (t) => {
    const page = await begin(t, 'operations/doe.full_factorial');
    await page.getByRole('button', { name: 'Example 1' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Open as worksheet' }).click();
    await page.getByRole('table').waitFor();
    const cells = () => page.locator('.sheet-cell').evaluateAll((all) => all.map((e) => e.value));
    const empty = await cells();
    await page.locator('[data-cell="0.0"]').focus();
    await page.keyboard.type('12');
    await page.locator('[data-cell="0.0"]').evaluate((cell) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', '1\n2\n3\n4');
      cell.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    });
    const pasted = await cells();
    assert.deepEqual(pasted.slice(0, 4), ['1', '2', '3', '4']);
    await page.keyboard.press('Control+z');
    assert.equal((await cells()).join(), ['12', ...empty.slice(1)].join());
    await page.keyboard.press('Control+z');
    assert.deepEqual(await cells(), empty, 'two letters are one step');
    await page.getByRole('button', { name: 'Redo' }).click();
    await page.keyboard.press('Control+y');
    assert.deepEqual(await cells(), pasted);
    await page.goBack();
    await page.getByRole('button', { name: 'Open as worksheet' }).waitFor();
    assert.match(await page.getByLabel('Program', { exact: true }).inputValue(), /full_factorial/);
    assert.deepEqual(page.faults(), []);
  });

  test('all rows of a result can be seen, not only those of the answer', async (t) => {
    const [page, answer] = await withAnswer(t);
    assert.match(await answer.innerText(), /first 12 of 20 rows/);
    await answer.getByRole('tab', { name: 'Results' }).click();
    const panel = answer.getByRole('tabpanel');
    await panel.getByRole('table').last().waitFor();
    assert.equal(await panel.getByRole('table').last().locator('tbody tr').count(), 20);
    assert.deepEqual(page.faults(), []);
  });

  test('a report is one file that holds the figures and no script', async (t) => {
    const [page] = await withAnswer(t, { colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Export' }).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: /Report/ }).click();
    const path = await (await saving).path();
    const text = readFileSync(path, 'utf8');
    assert.doesNotMatch(text, /<script|<button|<link|onclick|src=/i);
    const report = await page.context().newPage();
    await report.goto(`file://${path}`, { waitUntil: 'load' }).catch(() => report.setContent(text));
    if (!(await report.locator('svg').count())) await report.setContent(text);
    assert.equal(await report.locator('figure svg').count(), 2);
    assert.equal(await report.locator('figure svg rect').first().getAttribute('fill'), '#ffffff');
    const told = await report.locator('body').innerText();
    for (const words of [
      'Make an individuals chart',
      'Audit: ',
      'Program',
      'spc.i_mr',
      'normality',
    ])
      assert.ok(told.includes(words), words);
    assert.deepEqual(page.faults(), []);
  });

  test('on paper the whole answer stands, without what can only be pressed', async (t) => {
    const [page, answer] = await withAnswer(t, { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const seen = await page.evaluate(() => {
      const hidden = (selector) =>
        [...document.querySelectorAll(selector)].every((e) => !e.checkVisibility());
      const log = document.querySelector('[role=log]');
      return {
        hidden: ['nav', 'aside', 'form', '[role=tablist]', 'figcaption button'].filter((s) => !hidden(s)),
        cut: log.scrollHeight - log.clientHeight,
        ink: getComputedStyle(document.body).color,
      }; // prettier-ignore
    });
    assert.deepEqual(seen.hidden, []);
    assert.ok(seen.cut <= 1, `${seen.cut} px of the conversation are cut off`);
    assert.equal(seen.ink, 'rgb(23, 32, 30)', 'light ink on white paper cannot be read');
    assert.ok(await answer.getByRole('figure').last().isVisible());
  });
});
