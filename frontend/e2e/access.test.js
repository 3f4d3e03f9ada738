/** What is looked at in other ways: the colours of the system. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { answered, answerWith, ask, axe, launch, noBrowser, openPage, plainServer } from './harness.js'; // prettier-ignore

describe('accessibility', { skip: noBrowser }, () => {
  let browser, server;
  before(async () => {
    server = await plainServer();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    server?.stop();
  });
  const withAnswer = async (t, options) => {
    const page = await openPage(browser, server.url, options);
    t.after(() => page.context().close());
    await answerWith(page, 'individuals');
    await ask(page, 'Make an individuals chart');
    const answer = await answered(page);
    await answer.getByRole('figure').first().waitFor();
    return [page, answer];
  };

  test('forced colours: nothing drawn is lost, what is chosen shows', async (t) => {
    const [page, answer] = await withAnswer(t, { forcedColors: 'active' });
    const paint = await answer.evaluate((e) => {
      const fill = (selector) => getComputedStyle(e.querySelector(selector)).fill;
      const figure = getComputedStyle(e.querySelector('figure'));
      return { paper: figure.backgroundColor, ink: figure.color, drawn: ['.tick-text', '.axis-title', '.point'].map(fill) }; // prettier-ignore
    });
    assert.notEqual(paint.ink, paint.paper);
    for (const colour of paint.drawn) assert.equal(colour, paint.ink);
    const chosen = page.locator('nav[aria-label=Views] [aria-current]');
    assert.equal(await chosen.evaluate((e) => getComputedStyle(e).borderTopWidth), '2px');
    assert.deepEqual(await axe(page), []);
  });
});
