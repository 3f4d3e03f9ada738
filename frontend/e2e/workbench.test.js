/** Operations, figures and worksheets with the real server; these need no trained model. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { axe, noBrowser, openPage, overflow, plainStage } from './harness.js';

const SLOW = 120_000; // the first program waits for the workers to start, on a busy machine
const READINGS =
  '10,2\n10,4\n9,9\n10,1\n10,3\n9,8\n10,0\n11,9\n10,2\n10,1\n9,7\n10,0\n10,3\n10,1\n9,9\n10,2\n10,0\n10,1';

/** What a person pastes, into the element that has the focus. */
const paste = (page, text) =>
  page.evaluate((t) => {
    const data = new DataTransfer();
    data.setData('text/plain', t);
    const event = { clipboardData: data, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', event));
  }, text);

describe('without a model', { skip: noBrowser }, () => {
  const stage = plainStage();
  const begin = async (t, view, options) => {
    const page = await openPage(stage.browser, `${stage.server.url}#/${view}`, options);
    page.setDefaultTimeout(SLOW);
    t.after(() => page.context().close());
    return page;
  };
  const result = (page) => page.getByRole('region', { name: 'Result', exact: true });

  test('by keyboard alone: find a chart, paste readings, run, leave a point out with its reason', async (t) => {
    const page = await begin(t, 'operations');
    await page.getByRole('searchbox').focus();
    await page.keyboard.type('individuals chart');
    await page.waitForSelector('nav >> text=spc.i_mr');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'spc.i_mr' }).waitFor();
    const field = page.getByLabel('x (needed)');
    await field.focus();
    await page.keyboard.insertText(READINGS);
    assert.match(
      await page.getByLabel('Program', { exact: true }).inputValue(),
      /x=\[10\.2, 10\.4, 9\.9, /,
    );
    await page.getByRole('button', { name: 'Run', exact: true }).focus();
    await page.keyboard.press('Enter');
    const chart = result(page).getByRole('figure', { name: /Individuals/ });
    await chart.waitFor();
    const before = await chart.locator('.limit-text').allTextContents();
    await chart.getByRole('option').first().focus();
    await page.keyboard.press('n');
    const label = await page.evaluate(() => document.activeElement.getAttribute('aria-label'));
    assert.match(label, /^point 8: 11\.9, breaks Western Electric 1/);
    await page.keyboard.press('Enter');
    await chart.getByLabel(/Assignable cause/).focus();
    await page.keyboard.type('gauge slipped');
    await page.keyboard.press('Enter');
    await chart.getByText('Point 8: gauge slipped').waitFor();
    const after_ = await chart.locator('.limit-text').allTextContents();
    assert.notDeepEqual(after_, before, 'the server computed new limits');
    assert.match(
      await page.getByLabel('Program', { exact: true }).inputValue(),
      /exclude=\[8\], reasons="gauge slipped"/,
    );
    await chart.getByRole('button', { name: 'Take back', exact: true }).click();
    await page.waitForFunction(
      ([text]) => document.querySelector('figure .limit-text')?.textContent === text,
      before,
    );
    assert.deepEqual(page.faults(), []);
  });

  test('a chart is zoomed by dragging and saved as SVG, PNG and CSV', async (t) => {
    const page = await begin(t, 'operations/spc.p');
    await page.getByRole('button', { name: 'Example 1' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const chart = result(page).getByRole('figure').first();
    await chart.waitFor();
    // a drag over the plot shows a part, the button all of it again
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.locator('svg.chart-svg').boundingBox();
    await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
    await page.mouse.up();
    const seen = await chart.getByRole('option').count();
    assert.ok(seen > 3 && seen < 12, `${seen} of 20 points are in view`);
    await chart.getByRole('button', { name: 'All points' }).click();
    assert.equal(await chart.getByRole('option').count(), 20);
    const saved = {};
    for (const format of ['SVG', 'PNG', 'CSV']) {
      const waiting = page.waitForEvent('download');
      await chart.getByRole('button', { name: new RegExp(`as ${format}`) }).click();
      const file = await waiting;
      saved[format] = { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
    }
    assert.match(saved.SVG.name, /\.svg$/);
    assert.match(saved.SVG.bytes.toString(), /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    assert.doesNotMatch(saved.SVG.bytes.toString(), /var\(--|class=/);
    assert.equal(saved.PNG.bytes.subarray(1, 4).toString(), 'PNG');
    assert.ok(saved.PNG.bytes.length > 5000);
    const lines = saved.CSV.bytes.toString().split('\r\n');
    assert.equal(lines[0], '\ufeffpoint,value,center,lcl,ucl,signals,left out');
    assert.equal(lines.length, 22);
    assert.deepEqual(page.faults(), []);
  });

  test('a file with decimal commas is uploaded and its column picked', async (t) => {
    const page = await begin(t, 'operations/stats.describe');
    const content = `lot;width\n${READINGS.split('\n')
      .map((v, i) => `${i};${v}`)
      .join('\n')}\n`;
    await page.setInputFiles('input[type=file]', {
      name: 'Widths.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(content),
    });
    await page.getByText('Widths.csv: 18 rows').waitFor();
    const program = page.getByLabel('Program', { exact: true });
    assert.match(await program.inputValue(), /^widths = data\("Widths.csv"\)/);
    await program.fill('widths = data("Widths.csv")\nr = stats.describe(widths.width)\n');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await result(page).getByText('10.1778', { exact: false }).first().waitFor();
    assert.deepEqual(page.faults(), []);
  });

  test('a table and a figure are copied for a spreadsheet and a report; the decimal sign is set', async (t) => {
    const page = await begin(t, 'operations/spc.p');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Example 1' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const chart = result(page).getByRole('figure').first();
    await chart.getByRole('button', { name: /as an image/ }).click();
    await chart.getByText('Copied', { exact: true }).waitFor({ state: 'attached' });
    const types = await page.evaluate(async () => (await navigator.clipboard.read())[0].types);
    assert.deepEqual(types, ['image/png']);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByText('1,5', { exact: true }).click();
    await page.keyboard.press('Escape');
    assert.match((await chart.locator('.tick-text').allTextContents()).join(' '), /0,\d/);
    await page.getByRole('button', { name: 'Copy this table' }).first().click();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const lines = text.trim().split('\r\n');
    assert.ok(lines.every((l) => l.split('\t').length === lines[0].split('\t').length));
    assert.match(text, /\t\d+,\d+/);
    assert.deepEqual(page.faults(), []);
  });

  test('a file whose commas can be read two ways: one click says which', async (t) => {
    const page = await begin(t, '');
    await page.setInputFiles('input[type=file]', {
      name: 'widths.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('lot;width\n12;345,678\n13;346,112\n14;344,901\n'),
    });
    const card = page.getByRole('region', { name: 'File widths.csv' });
    await card.getByText('can be read two ways').waitFor();
    await card.getByRole('button', { name: /decimal comma/ }).click();
    await card.getByText('344.9 … 346.1').waitFor();
    await card.getByRole('button', { name: /thousands/ }).click();
    await card.getByText('344,900 … 346,100').waitFor();
    assert.deepEqual(page.faults(), []);
  });

  test('a screening design is filled in, analysed, folded over; a reload loses nothing', async (t) => {
    const page = await begin(t, 'operations/doe.fractional_factorial');
    await page.getByLabel('factor 1: name').fill('temperature');
    await page.getByLabel('factor 1: low').fill('150');
    await page.getByLabel('factor 1: high').fill('180');
    for (const [i, name] of ['time', 'speed', 'pressure', 'feed'].entries()) {
      await page.getByRole('button', { name: 'Add a factor' }).click();
      await page.getByLabel(`factor ${i + 2}: name`).fill(name);
      await page.getByLabel(`factor ${i + 2}: low`).fill('1');
      await page.getByLabel(`factor ${i + 2}: high`).fill('3,5');
    }
    await page.getByText(/more parameters/).click();
    await page.getByLabel('runs', { exact: true }).fill('8');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Open as worksheet' }).click();
    await page.getByRole('table').waitFor();
    assert.equal(await page.locator('tbody tr').count(), 8);
    await page.getByRole('button', { name: 'Sort by standard order' }).click();
    await page.locator('[data-cell="0.0"]').focus();
    await paste(page, 'yield\n60,1\n72\n54\n68,5\n52\n83\n45\n80\n');
    await page.getByText('8 cells pasted.').waitFor();
    await page.getByText('saved in this browser').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sort by standard order' }).click();
    assert.equal(await page.locator('[data-cell="3.0"]').inputValue(), '68,5');
    await page.getByRole('button', { name: 'Analyse', exact: true }).click();
    await result(page)
      .getByRole('figure', { name: /Half-normal/ })
      .waitFor();
    await result(page)
      .getByRole('figure', { name: /Pareto/ })
      .waitFor();
    await page.getByRole('button', { name: 'Fold over: open as worksheet' }).click();
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 16);
    const kept = await page
      .locator('.sheet-cell')
      .evaluateAll((all) => all.map((e) => e.value).filter(Boolean));
    assert.deepEqual(kept.sort(), ['45', '52', '54', '60,1', '68,5', '72', '80', '83']);
    assert.deepEqual(page.faults(), []);
  });

  test('a response surface: contours, the same in 3D by keyboard, the best settings', async (t) => {
    const page = await begin(t, 'operations/doe.central_composite');
    await page.getByRole('button', { name: 'Example 1' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Open as worksheet' }).click();
    await page.getByRole('table').waitFor();
    const coded = await page
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((r) => [...r.cells].slice(3, 5).map((c) => Number(c.title || c.textContent))),
      );
    const response = coded.map(([a, b]) =>
      (80 - ((a - 168) / 15) ** 2 - 2 * ((b - 28) / 10) ** 2).toFixed(3),
    );
    await page.locator('[data-cell="0.0"]').focus();
    await paste(page, response.join('\n'));
    await page.getByRole('button', { name: 'Analyse', exact: true }).click();
    const best = page.getByRole('region', { name: 'Best settings' });
    await best.waitFor();
    // the surface was made with its top at 168 and 28
    assert.match(await best.innerText(), /168(\.\d+)?\s*degC/);
    assert.match(await best.innerText(), /28(\.\d+)?\s*min/);
    const contour = page.getByRole('figure', { name: /over temperature and time/ });
    await contour.getByRole('button', { name: 'Show the 3D surface' }).click();
    const solid = contour.getByRole('slider', { name: /surface from/ });
    await solid.focus();
    const turned = () => solid.getAttribute('aria-valuenow');
    const first = await turned();
    await page.keyboard.press('ArrowRight');
    assert.notEqual(await turned(), first);
    assert.deepEqual(page.faults(/GPU stall|WebGL|swiftshader/i), []);
  });

  for (const colorScheme of ['light', 'dark'])
    for (const width of [1280, 390])
      test(`axe finds nothing and nothing is cut off: ${colorScheme}, ${width} px`, async (t) => {
        const page = await begin(t, 'operations', {
          colorScheme,
          viewport: { width, height: 900 },
        });
        await page.getByRole('searchbox').waitFor();
        assert.deepEqual(await axe(page), []);
        await page.goto(`${stage.server.url}#/operations/spc.xbar_r`);
        await page.getByRole('button', { name: 'Example 1' }).click();
        await page.getByRole('button', { name: 'Run', exact: true }).click();
        await result(page).getByRole('figure').first().waitFor();
        assert.deepEqual(await axe(page), []);
        assert.ok((await overflow(page)) <= 0, 'the page is no wider than its window');
        await page.goto(`${stage.server.url}#/operations/doe.box_behnken`);
        await page.getByRole('button', { name: 'Example 1' }).click();
        assert.deepEqual(await axe(page), []);
        await page.getByRole('button', { name: 'Run', exact: true }).click();
        await page.getByRole('button', { name: 'Open as worksheet' }).click();
        await page.getByRole('table').waitFor();
        assert.deepEqual(await axe(page), []);
        assert.ok((await overflow(page)) <= 0, 'the worksheet is no wider than its window');
        await page.getByRole('button', { name: 'All worksheets' }).click();
        await page.getByText('New design').waitFor();
        assert.deepEqual(await axe(page), []);
        assert.deepEqual(page.faults(), []);
      });
});
