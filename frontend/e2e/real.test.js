/** The page with the real server and the trained model: what an engineer does in a day. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import {
  answered,
  ask,
  axe,
  cable,
  launch,
  noModel,
  openPage,
  overflow,
  realServer,
} from './harness.js';

const BOX_BEHNKEN =
  'Plan a Box-Behnken design for temperature 150 to 200 degC, pressure 1 to 5 bar and time 10 to 30 min with 3 center points';
const READINGS =
  '10.1 9.8 10.3 10.0 9.9 10.2 10.1 9.7 10.4 13.2 10.0 9.9 10.1 10.2 9.8 10.0 10.1 9.9 10.3 10.0';
const CHART = `Make an individuals chart of ${READINGS}`;

describe('with the trained model', { skip: noModel }, () => {
  let browser, server, wire;
  before(async () => {
    server = await realServer();
    wire = await cable(server.port);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    wire?.close();
    server?.stop();
  });
  const begin = async (t, options) => {
    const page = await openPage(browser, wire.url, options);
    t.after(() => page.context().close());
    return page;
  };

  test('a design is asked for, filled in, analysed', async (t) => {
    const page = await begin(t);
    await ask(page, BOX_BEHNKEN);
    const answer = await answered(page);
    assert.match(await answer.innerText(), /15/);
    await answer.getByRole('button', { name: 'Open as worksheet' }).click();
    const grid = page.getByRole('grid').or(page.getByRole('table')).first();
    await grid.waitFor();
    const rows = await page.locator('tbody tr').count();
    assert.equal(rows, 15, 'a Box-Behnken design of three factors with three centre points');
    // a second-order response, pasted as a spreadsheet with decimal commas gives it
    const runs = await page.evaluate(
      () =>
      [...document.querySelectorAll('tbody tr')].map((r) => [...r.cells].map((c) => c.querySelector('input')?.value ?? c.textContent)), // prettier-ignore
    );
    assert.equal(runs.length, 15);
    const response = runs.map((_, i) => String(80 + ((i * 7) % 11) + 0.25).replace('.', ','));
    await pasteInto(
      page,
      page.locator('tbody tr').first().locator('input').last(),
      response.join('\n'),
    );
    await page.getByRole('button', { name: /^Analyse/ }).click();
    await page
      .getByText(/R²|R-squared|Lack of fit/i)
      .first()
      .waitFor({ timeout: 60_000 });
    assert.deepEqual(page.faults(), []);
  });

  test('measurements give a chart with a violation; a point is left out with its reason', async (t) => {
    const page = await begin(t);
    await ask(page, CHART);
    const answer = await answered(page);
    assert.match(await answer.innerText(), /not in control/i);
    const chart = answer.getByRole('figure', { name: /individuals/i }).first();
    await chart.getByRole('button', { name: 'Point 10', exact: true }).click();
    const point = chart.getByRole('region', { name: 'Point 10' });
    assert.match(await point.innerText(), /13\.2/);
    await point.getByLabel(/Assignable cause/).fill('gauge slipped');
    await point.getByRole('button', { name: 'Leave out and recompute' }).click();
    const again = answer.locator('details', { hasText: 'Run again 1' });
    await again.getByText('gauge slipped').first().waitFor({ timeout: 60_000 });
    assert.match(await again.innerText(), /exclude=\[10\]/);
    assert.deepEqual(page.faults(), []);
  });

  test('a number opens what made it, by keyboard alone', async (t) => {
    const page = await begin(t);
    await ask(page, CHART);
    const answer = await answered(page);
    const number = await answer.locator('a[data-verified=true]').first().elementHandle();
    await number.focus();
    await page.keyboard.press('Enter');
    const origin = page.getByRole('dialog', { name: /What made/ });
    await origin.getByText('agrees').waitFor();
    assert.match(await origin.innerText(), /spc\.i_mr[\s\S]*r1 = spc\.i_mr/);
    await page.keyboard.press('Escape');
    await origin.waitFor({ state: 'detached' });
    assert.ok(await number.evaluate((e) => e === document.activeElement), 'focus comes back');
    assert.equal(await answer.locator('[data-verified=false]').count(), 0);
  });

  test('the program is changed and run, and a mistake is told in place', async (t) => {
    const page = await begin(t);
    await ask(page, CHART);
    const answer = await answered(page);
    await answer.getByRole('tab', { name: 'Program' }).click();
    await answer.getByRole('button', { name: 'Edit', exact: true }).click();
    const editor = answer.getByRole('textbox', { name: 'Program' });
    await editor.fill('r1 = spc.i_m(x=[1, 2, 3])');
    await answer.getByRole('button', { name: 'Run', exact: true }).click();
    assert.match(await answer.getByRole('alert').innerText(), /i_mr/);
    await editor.fill(`r1 = spc.i_mr(x=[${READINGS.split(' ').join(', ')}], rules=nelson)`);
    await answer.getByRole('button', { name: 'Run', exact: true }).click();
    await answer.locator('details', { hasText: 'Run again 1' }).waitFor({ timeout: 60_000 });
  });

  test('an answer is stopped at once, and asked again beside it', async (t) => {
    const page = await begin(t);
    t.after(() => wire.mend());
    wire.holdAfter('event: stage');
    await ask(page, CHART);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped', { exact: true }).waitFor();
    wire.mend();
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    const answer = await answered(page);
    assert.match(await answer.innerText(), /not in control/i);
    await page.getByLabel('Version 2 of 2').waitFor();
    assert.deepEqual(page.faults(), []);
  });

  test('a reload in the middle of an answer loses nothing', async (t) => {
    const page = await begin(t);
    t.after(() => wire.mend());
    wire.holdAfter('event: stage');
    await ask(page, CHART);
    await page.locator('[aria-busy=true]').waitFor();
    await page.reload();
    wire.mend();
    const answer = await answered(page);
    assert.match(await answer.innerText(), /not in control/i);
    assert.equal(await answer.getAttribute('data-phase'), 'done');
    assert.deepEqual(page.faults(), []);
  });

  test('a cut connection is taken up again', async (t) => {
    const page = await begin(t);
    t.after(() => wire.mend());
    await ask(page, 'What is the mean of 1 2 3 4?'); // the page has all its parts then
    await answered(page);
    wire.cutAfter('event: stage');
    await ask(page, BOX_BEHNKEN);
    await page.getByText('The connection was lost').waitFor();
    wire.mend();
    const answer = await answered(page);
    assert.equal(await answer.getAttribute('data-phase'), 'done');
    assert.match(await answer.innerText(), /15/);
  });

  test('a file is read before it is asked about: decimal commas, units, missing, groups', async (t) => {
    const page = await begin(t);
    const csv =
      'run;supplier;thickness (mm)\n1;A;1,52\n2;B;1,48\n3;A;\n4;B;1,51\n5;A;1,50\n6;B;1,47\n';
    await page.setInputFiles('input[type=file]', {
      name: 'plates.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(csv),
    });
    const card = page.getByRole('region', { name: 'File plates.csv' });
    await card.getByText('6 rows × 3 columns').waitFor();
    const told = await card.innerText();
    for (const word of ['decimal comma', 'mm', '1 missing', '2 groups'])
      assert.ok(told.includes(word), `${word} in ${told}`);
    await ask(page, 'Compare the mean thickness of the suppliers in plates.csv');
    await answered(page);
    await page.getByText('from above').waitFor();
  });

  test('a pasted block becomes a table, or stays text', async (t) => {
    const page = await begin(t);
    const block = 'run\tyield\n1\t90.5\n2\t91.2\n3\t89.9';
    await pasteInto(page, page.locator('#question'), block);
    const card = page.getByRole('region', { name: 'File pasted.tsv' });
    await card.getByText('3 rows × 2 columns').waitFor();
    await card.getByRole('button', { name: 'Keep as text' }).click();
    assert.equal(await page.inputValue('#question'), block);
  });

  test('columns with hostile names do nothing', async (t) => {
    const page = await begin(t);
    const evil = '<img src=x onerror=window.hacked=1>';
    await page.setInputFiles('input[type=file]', {
      name: 'evil.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`"${evil}","[x](javascript:window.hacked=1)"\n1,2\n3,4\n5,7\n`),
    });
    await page.getByRole('region', { name: 'File evil.csv' }).getByText('3 rows').waitFor();
    await ask(page, 'Describe the columns of evil.csv');
    await answered(page);
    await page.waitForTimeout(500);
    assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
    assert.equal(await page.locator('article img, article script, a[href^=javascript]').count(), 0);
  });

  test('history is searched, exported and deleted', async (t) => {
    const page = await begin(t);
    await ask(page, CHART);
    await answered(page);
    await page.getByRole('button', { name: 'Export' }).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Markdown', exact: true }).click();
    const text = readFileSync(await (await saving).path(), 'utf8');
    assert.match(text, /## Question[\s\S]*## Answer[\s\S]*Audit: \d+ of \d+ checks passed/);
    assert.doesNotMatch(text, /\]\(#v:/);
    const search = page.getByRole('searchbox', { name: 'Search the history' });
    await page.keyboard.press('Control+k');
    assert.ok(
      await search.evaluate((e) => e === document.activeElement),
      'who types loses nothing',
    );
    await page.keyboard.type('individuals nothingofthekind');
    await page.getByText('Nothing found.').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('INDIVIDUALS chart');
    const entry = page.getByRole('navigation', { name: 'Conversations' });
    await entry
      .getByRole('button', { name: /Make an individuals/ })
      .first()
      .hover();
    await entry.getByRole('button', { name: /^Delete “/ }).click();
    await entry.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('heading', { name: /Ask for a number/ }).waitFor();
    assert.equal(await entry.getByRole('button', { name: /Make an individuals/ }).count(), 0);
  });

  test('a question is edited into a branch', async (t) => {
    const page = await begin(t);
    await ask(page, 'What is the mean of 1 2 3 4?');
    await answered(page);
    await page.getByRole('button', { name: 'Edit the question' }).click();
    await page.fill('#edit-question', 'What is the mean of 10 20 30 40?');
    await page.press('#edit-question', 'Enter');
    const answer = await answered(page);
    assert.match(await answer.innerText(), /25/);
    await page.getByRole('button', { name: 'Earlier version' }).first().click();
    assert.match(await (await answered(page)).innerText(), /2\.5/);
  });

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 390]) {
      test(`axe finds nothing and nothing is cut off: ${colorScheme}, ${width} px`, async (t) => {
        const page = await begin(t, { colorScheme, viewport: { width, height: 844 } });
        const check = async (where) => {
          await page.waitForTimeout(600);
          assert.deepEqual(await axe(page), [], where);
          assert.equal(await overflow(page), 0, `${where} is wider than the window`);
        };
        await check('empty conversation');
        await ask(page, CHART);
        const answer = await answered(page);
        await check('answer');
        for (const tab of [
          'Program',
          'Audit',
          'Assumptions',
          'Candidates',
          'Stages',
          'Provenance',
        ]) {
          await answer.getByRole('tab', { name: tab }).click();
          await check(tab);
        }
        await answer.locator('a[data-verified=true]').first().click();
        await check('origin of a number');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Settings' }).click();
        await check('settings');
        await page.keyboard.press('Escape');
        for (const view of ['Worksheet', 'Operations']) {
          await page.getByRole('link', { name: view }).click();
          await page.getByRole('heading', { level: 1 }).first().waitFor();
          await check(view);
        }
        assert.deepEqual(page.faults(), []);
      });
    }
  }
});

/** Paste as a person does: focus the field, then a clipboard event. */
async function pasteInto(page, field, text) {
  await field.click();
  await field.evaluate((element, content) => {
    const data = new DataTransfer();
    data.setData('text/plain', content);
    element.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, text);
}
