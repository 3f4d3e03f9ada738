/** What is looked at in other ways: the colours of the system. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { answerWith, answered, ask, axe, noBrowser, openPage, plainStage } from './harness.js';

describe('accessibility', { skip: noBrowser }, () => {
  const stage = plainStage();
  const withAnswer = async (t, options) => {
    const page = await openPage(stage.browser, stage.server.url, options);
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
