/** axe over every dialog, list of choices, confirmation and trouble, in both themes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { answerWith, answered, ask, axe, noBrowser, openPage, overflow, plainStage } from './harness.js'; // prettier-ignore
import { scriptedServer } from './scripted.js';

const AMBIGUOUS = { name: 'widths.csv', mimeType: 'text/csv', buffer: Buffer.from('lot;width\n12;345,678\n13;346,112\n14;344,901\n') }; // prettier-ignore
const CITED = 'Limits stand at three sigma [[1]](#c:1).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n`x` and \\(y^2\\), [9](#v:r1.no).'; // prettier-ignore

for (const colorScheme of ['light', 'dark'])
  describe(`accessible in every state: ${colorScheme}`, { skip: noBrowser }, () => {
    const stage = plainStage();
    const begin = async (t, url, width) => {
      const page = await openPage(stage.browser, url, { colorScheme, viewport: { width, height: 844 } }); // prettier-ignore
      t.after(() => page.context().close());
      page.setDefaultTimeout(300_000); // the first program waits for the workers to start
      page.check = async (where) => {
        await page.waitForTimeout(250); // what fades in
        assert.deepEqual(await axe(page), [], where);
        assert.ok((await overflow(page)) <= 0, `${where} is wider than the window`);
      };
      return page;
    };

    for (const width of [1280, 390])
      test(`the chat at ${width} px`, async (t) => {
        const page = await begin(t, stage.server.url, width);
        await page.setInputFiles('input[type=file]', AMBIGUOUS);
        const card = page.getByRole('region', { name: 'File widths.csv' });
        await card.getByRole('button', { name: /decimal comma/ }).waitFor();
        await card.getByRole('button', { name: 'Show rows' }).click();
        await page.check('a file that can be read two ways');
        await answerWith(page, 'individuals');
        await ask(page, 'Make an individuals chart');
        const answer = await answered(page);
        const chart = answer.getByRole('figure').first();
        await chart.waitFor();
        await page.getByRole('list', { name: 'Files', exact: true }).getByRole('button').click();
        await page.getByRole('dialog').getByText('3 rows').waitFor();
        await page.check('the file of a question');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Export' }).click();
        await page.check('export');
        await page.keyboard.press('Escape');
        await answer.locator('a[data-verified=true]').first().click();
        await page.getByRole('dialog', { name: /What made/ }).waitFor();
        await page.check('origin of a number');
        await page.keyboard.press('Escape');
        await chart.getByRole('button', { name: 'Point 10', exact: true }).click();
        await chart.getByText('Data of the figure').click();
        await page.check('a point, the data of a figure');
        for (const name of ['Results', 'Program']) {
          await answer.getByRole('tab', { name }).click();
          await answer.getByRole('tabpanel', { name }).waitFor();
          await page.check(name);
        }
        await answer.getByRole('button', { name: 'Edit', exact: true }).click();
        await answer.getByRole('textbox', { name: 'Program' }).fill('r1 = spc.i_m(x=[1, 2, 3])');
        await answer.getByRole('button', { name: 'Run', exact: true }).click();
        await answer.getByRole('alert').waitFor();
        await page.check('a program with a mistake');
        await page.getByRole('button', { name: 'Edit the question' }).click();
        await page.check('a question that is edited');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Settings' }).click();
        const settings = page.getByRole('dialog', { name: 'Settings' });
        await settings.getByText('1,5', { exact: true }).click();
        await settings.getByRole('button', { name: 'Delete all' }).click();
        await page.check('settings, before all is deleted');
        await page.keyboard.press('Escape');
        if (width < 1024) await page.getByRole('button', { name: 'History' }).click();
        else {
          await page.getByRole('button', { name: 'Keyboard' }).click();
          await page.check('keyboard');
          await page.keyboard.press('Escape');
        }
        const list = page.getByRole('navigation', { name: 'Conversations' }).filter({ visible: true }); // prettier-ignore
        await list.getByRole('button', { name: /^Make an/ }).hover();
        await list.getByRole('button', { name: /^Rename/ }).click();
        await page.check('a title that is changed');
        await page.keyboard.press('Escape');
        await list.getByRole('button', { name: /^Make an/ }).hover();
        await list.getByRole('button', { name: /^Delete/ }).click();
        await page.check('before a conversation is deleted');
        assert.deepEqual(page.faults(/400/), []);
      });

    test('trouble, sources, words of the model', async (t) => {
      let act = async (send) => {
        send('citation', { n: 1, id: 'a', title: 'Control limits', source: 'handbook', text: 'Three **sigma**.' }); // prettier-ignore
        send('token', { t: CITED });
      };
      const words = await scriptedServer((send, ended) => act(send, ended));
      t.after(() => words.close());
      const page = await begin(t, words.url, 390);
      await ask(page, 'first');
      const answer = await answered(page);
      await answer.locator('.katex').first().waitFor();
      await page.check('an answer with a source and a number that no result vouches for');
      await answer.getByRole('link', { name: /Source 1/ }).click();
      await page.getByRole('dialog', { name: 'Control limits' }).waitFor();
      await page.check('a passage');
      await page.keyboard.press('Escape');
      act = async (send) => send('error', { code: 'busy', message: 'Too many.', retryable: true });
      await ask(page, 'second');
      await page.getByText('The server is busy').waitFor();
      await page.check('a server that is busy');
      act = async (send, ended) => {
        send('token', { t: 'Here. ' });
        while (!ended()) await new Promise((resolve) => setTimeout(resolve, 50));
      };
      await ask(page, 'third');
      await page.getByRole('button', { name: 'Stop' }).waitFor();
      await page.check('an answer that is being made');
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByText('What had come stays').waitFor();
      await page.check('an answer that was stopped');
      await page.route('**/chat', (route) => route.abort());
      await ask(page, 'fourth');
      await page.getByText('The server cannot be reached').waitFor();
      await page.check('no server');
    });

    test('worksheets and operations', async (t) => {
      const page = await begin(t, `${stage.server.url}#/operations/doe.full_factorial`, 1280);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByRole('alert').waitFor();
      await page.check('a form that is refused');
      await page.getByRole('searchbox').fill('zzqx');
      await page.getByText('Nothing is called').waitFor();
      await page.check('nothing found');
      await page.getByRole('searchbox').fill('');
      await page.getByRole('button', { name: 'Example 1' }).click();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByRole('button', { name: 'Open as worksheet' }).click();
      await page.getByRole('table').waitFor();
      const cells = page.locator('.sheet-cell');
      const n = await cells.count();
      for (let i = 0; i < n; i += 1) await cells.nth(i).fill(String(60 + ((i * 7) % 11)));
      await cells.first().fill('many');
      await page.check('a cell that holds no number');
      await cells.first().fill('61.5');
      await page.getByRole('button', { name: 'Analyse', exact: true }).click();
      await page.getByRole('region', { name: 'Result', exact: true }).first().waitFor();
      await page.locator('figure').last().waitFor();
      await page.check('an analysis');
      await cells.first().fill('62');
      await page.getByText('analyse again').waitFor();
      await page.check('an analysis of other responses');
      await page.getByRole('button', { name: 'All worksheets' }).click();
      await page.getByRole('button', { name: /^Delete/ }).click();
      await page.check('before a worksheet is deleted');
      // what these responses do not allow is refused, which the browser notes
      assert.deepEqual(page.faults(/status of 422/), []);
    });
  });
