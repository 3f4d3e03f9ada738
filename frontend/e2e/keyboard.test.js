/** Everything by keyboard alone: each control is reached, shows that it is, and the focus is never lost. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { answerWith, answered, ask, noBrowser, openPage, plainStage } from './harness.js';
import { scriptedServer } from './scripted.js';
import { walk } from './walk.js';

/** What has the focus: its name. */
const focused = (page) =>
  page.evaluate(() => {
    const e = document.activeElement;
    if (e === document.body) return 'nothing';
    return (e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent).trim();
  });

/** Waits until the focus is on something of that name. */
async function focusIs(page, name) {
  const end = Date.now() + 15_000;
  let now = '';
  while (Date.now() < end) {
    now = await focused(page);
    if (name instanceof RegExp ? name.test(now) : now === name) return;
    await page.waitForTimeout(50);
  }
  assert.fail(`the focus is on “${now}”, not on “${name}”`);
}

describe('by keyboard', { skip: noBrowser }, () => {
  const stage = plainStage();
  const begin = async (t, view = '', options) => {
    const page = await openPage(stage.browser, `${stage.server.url}#/${view}`, options);
    t.after(() => page.context().close());
    return page;
  };
  /** Walks, and finds no fault. */
  const clean = async (page, what, includes = [], options = {}) => {
    const { stops, faults } = await walk(page, options);
    assert.deepEqual(faults, [], what);
    for (const name of includes) {
      assert.ok(stops.some((s) => name.test(s)), `${what}: no stop is ${name}`); // prettier-ignore
    }
  };

  test('an empty conversation, then an answer with all that is behind it', async (t) => {
    const page = await begin(t);
    await page.getByText('Ask for a number').waitFor();
    await clean(page, 'empty', [/Your question/, /Attach a table/, /Keyboard/]);
    await answerWith(page, 'individuals');
    await ask(page, 'Make an individuals chart');
    const answer = await answered(page);
    await answer.getByRole('figure').first().waitFor();
    await focusIs(page, 'Your question');
    await clean(page, 'answer', [/option “point 1: 10.1”/, /Copy the answer/, /Export/, /Rename/]);
    for (const name of ['Program', 'Audit', 'Assumptions', 'Candidates', 'Stages', 'Provenance']) {
      await answer.getByRole('tab', { name }).focus();
      await page.keyboard.press('Enter');
      await answer.getByRole('tabpanel', { name }).waitFor();
      await clean(page, name, [], { within: '[role=tabpanel]' });
    }
    await answer.getByRole('tab', { name: 'Provenance' }).focus();
    await page.keyboard.press('Home');
    await focusIs(page, /^Program/);
    await page.keyboard.press('End');
    await focusIs(page, /^Provenance/);
    assert.deepEqual(page.faults(), []);
  });

  test('a point of a figure: reached, opened, left, and back at the point', async (t) => {
    const page = await begin(t);
    await answerWith(page, 'individuals');
    await ask(page, 'Make an individuals chart');
    const chart = (await answered(page)).getByRole('figure', { name: /Individuals/ });
    await chart.getByRole('option').first().focus();
    await page.keyboard.press('n');
    await focusIs(page, /^point 10: 13.2, breaks/);
    await page.keyboard.press('Enter');
    const point = chart.getByRole('region', { name: 'Point 10' });
    await point.getByLabel(/Assignable cause/).focus();
    await page.keyboard.press('Escape');
    await point.waitFor({ state: 'detached' });
    await focusIs(page, /^point 10: 13.2/);
    for (const name of ['Zoom in', 'Zoom in', 'Zoom in', 'All points']) {
      await chart.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
      await page.waitForTimeout(150);
      assert.notEqual(await focused(page), 'nothing', `after “${name}”`);
    }
  });

  test('operations, an operation that ran, its design as a worksheet', async (t) => {
    const page = await begin(t, 'operations');
    await page.getByRole('searchbox').waitFor();
    await clean(page, 'operations', [/Search the operations/, /doe.box_behnken/]);
    const link = page.getByRole('link', { name: /doe\.box_behnken/ }).last();
    await link.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'doe.box_behnken' }).waitFor();
    await page.waitForTimeout(200);
    assert.notEqual(await focused(page), 'nothing', 'the link that was followed is gone');
    await page.getByRole('button', { name: 'Example 1' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Run', exact: true }).focus();
    await page.keyboard.press('Enter');
    const open = page.getByRole('button', { name: 'Open as worksheet' });
    await open.waitFor();
    await focusIs(page, 'Run');
    await page.locator('figure').first().waitFor();
    await clean(page, 'operation', [/Example 1/, /Program/, /Open as worksheet/]);
    await open.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('table').waitFor();
    await page.waitForTimeout(200);
    assert.notEqual(await focused(page), 'nothing', 'the view has changed');
    await clean(page, 'worksheet', [/Title of the worksheet/, /run 1/, /Print/]);
    await page.getByRole('button', { name: 'All worksheets' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('New design').waitFor();
    await clean(page, 'worksheets', [/Box-Behnken/]);
    await page.getByRole('button', { name: /^Delete/ }).focus();
    await page.keyboard.press('Enter');
    await focusIs(page, 'Keep');
    await page.keyboard.press('Shift+Tab');
    await focusIs(page, /^Delete/);
    await page.keyboard.press('Enter');
    await page.getByText('No worksheet yet').waitFor();
    assert.notEqual(await focused(page), 'nothing', 'the row that was deleted is gone');
    assert.deepEqual(page.faults(), []);
  });

  test('settings and the keyboard map: opened, walked, closed, back where it was', async (t) => {
    const page = await begin(t);
    for (const [name, close] of [
      ['Settings', 'Escape'],
      ['Settings', 'button'],
      ['Keyboard', 'button'],
    ]) {
      await page.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name });
      await dialog.waitFor();
      await clean(page, name, [/Close/]);
      if (close === 'Escape') await page.keyboard.press('Escape');
      else {
        await dialog.getByRole('button', { name: 'Close' }).focus();
        await page.keyboard.press('Enter');
      }
      await dialog.waitFor({ state: 'detached' });
      await focusIs(page, name);
    }
  });

  for (const width of [1280, 390])
    test(`send, stop, ask again, branches, history at ${width} px: the focus stays`, async (t) => {
      let slow = false;
      const words = await scriptedServer(async (send, ended) => {
        send('token', { t: 'Here. ' });
        for (let i = 0; slow && i < 600 && !ended(); i += 1) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          send('token', { t: 'more ' });
        }
      });
      t.after(() => words.close());
      const page = await openPage(stage.browser, words.url, { viewport: { width, height: 844 } });
      t.after(() => page.context().close());
      const press = async (name, nth = 0) => {
        const button = page.getByRole('button', { name, exact: true }).nth(nth);
        await button.focus();
        await page.keyboard.press('Enter');
      };
      await page.fill('#question', 'first');
      await press('Send');
      await answered(page);
      await focusIs(page, 'Your question');
      // stopped with its button
      slow = true;
      await page.keyboard.type('second');
      await page.keyboard.press('Enter');
      await press('Stop');
      await page.getByText('What had come stays').waitFor();
      await focusIs(page, 'Your question');
      slow = false;
      await press('Retry');
      await answered(page);
      assert.notEqual(await focused(page), 'nothing', 'after Retry');
      await press('Earlier version');
      await focusIs(page, 'Later version');
      await page.keyboard.press('Enter');
      await focusIs(page, 'Earlier version');
      // an edit that is left, one that is sent
      await press('Edit the question', 1);
      await focusIs(page, 'The question');
      await page.keyboard.press('Escape');
      await focusIs(page, 'Edit the question');
      await page.keyboard.press('Enter');
      await focusIs(page, 'The question');
      await page.keyboard.type(' in other words');
      await page.keyboard.press('Enter');
      await answered(page);
      await page.waitForTimeout(200);
      assert.notEqual(await focused(page), 'nothing', 'after an edit was sent');
      // what a list of choices leaves behind
      await press('Export');
      await page.keyboard.press('Tab');
      await focusIs(page, 'Markdown');
      await page.keyboard.press('Escape');
      await focusIs(page, 'Export');
      // files come and go
      const file = { name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('x\n1\n2\n') };
      await page.setInputFiles('#question ~ * input[type=file]', file);
      await press('Remove a.csv');
      await focusIs(page, 'Your question');
      // history
      await page.keyboard.press('Control+k');
      await focusIs(page, 'Search the history');
      if (width < 1024) await clean(page, 'history', [/Rename/, /Delete/]);
      await press('Rename “first”');
      await focusIs(page, 'Title');
      await page.keyboard.type('wrong');
      await page.keyboard.press('Escape');
      await focusIs(page, 'first');
      await press('Rename “first”');
      await focusIs(page, 'Title');
      await page.keyboard.type('Plates');
      await page.keyboard.press('Enter');
      await focusIs(page, 'Plates');
      await press('Delete “Plates”');
      await focusIs(page, 'Keep');
      await page.keyboard.press('Enter');
      await focusIs(page, 'Plates');
      await press('Delete “Plates”');
      await press('Delete');
      await page.locator('text=Conversations are kept >> visible=true').first().waitFor();
      await page.waitForTimeout(200);
      assert.notEqual(await focused(page), 'nothing', 'after a deletion');
      assert.deepEqual(page.faults(/404|unknown|run_id|Failed to load/), []);
    });
});
