/** What the browser tests stand on: Chromium, the real server, a cable that can be cut, axe. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const PYTHON = process.env.HAVOC_PYTHON || path.join(ROOT, '.venv/bin/python');
const MODEL = process.env.HAVOC_E2E_MODEL || path.join(ROOT, 'artifacts/model/instruct');

export const BUILT = path.join(ROOT, 'havoc/serving/static');

/** Why no browser test can run here; false if they can. */
export const noBrowser =
  (!existsSync(CHROMIUM) && `there is no Chromium at ${CHROMIUM}`) ||
  (!existsSync(path.join(BUILT, 'index.html')) && 'the page is not built (npm run build)');

/** Why the real server cannot answer here; false if it can. */
export const noModel =
  noBrowser ||
  (!process.env.HAVOC_E2E_URL &&
    !existsSync(MODEL) &&
    `there is no trained model at ${MODEL} (make run, or HAVOC_E2E_MODEL)`);

export const launch = () =>
  chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    chromiumSandbox: false, // root has none
    args: ['--enable-unsafe-swiftshader', '--disable-dev-shm-usage'],
  });

/** The real server with the trained model: `{ port, stop }`. `HAVOC_E2E_URL` names a running one. */
export async function realServer() {
  if (process.env.HAVOC_E2E_URL) {
    return { port: Number(new URL(process.env.HAVOC_E2E_URL).port), stop() {} };
  }
  const args = ['-m', 'havoc', 'serve', '--port', '0', '--model', MODEL];
  const child = spawn(PYTHON, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  const port = await new Promise((resolve, reject) => {
    const listen = (chunk) => {
      told += chunk;
      const found = /answers at http:\/\/[^:]+:(\d+)/.exec(told);
      if (found) resolve(Number(found[1]));
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('exit', (code) => reject(new Error(`the server ended (${code}): ${told}`)));
  });
  return { port, stop: () => child.kill() };
}

/**
 * The real server in an empty folder: it has no model, and says so; `{ url, stop }`.
 * `HAVOC_E2E_PLAIN` names one that runs already.
 */
export async function plainServer() {
  if (process.env.HAVOC_E2E_PLAIN) return { url: process.env.HAVOC_E2E_PLAIN, stop() {} };
  const folder = mkdtempSync(path.join(tmpdir(), 'havoc-ui-'));
  const child = spawn(PYTHON, ['-m', 'havoc', 'serve', '--port', '0'], {
    cwd: folder,
    env: { ...process.env, PYTHONPATH: ROOT },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  const url = await new Promise((resolve, reject) => {
    const listen = (chunk) => {
      told += chunk;
      const found = /answers at (http:\S+)/.exec(told);
      if (found) resolve(`${found[1]}/`);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('exit', (code) => reject(new Error(`the server ended (${code}): ${told}`)));
  });
  const stop = () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, stop };
}

/**
 * A browser and the server without a model, for the tests of the `describe` that calls it:
 * `{ browser, server }`, there once its first test begins.
 */
export function plainStage() {
  const stage = {};
  before(async () => {
    stage.server = await plainServer();
    stage.browser = await launch();
  });
  after(async () => {
    await stage.browser?.close();
    stage.server?.stop();
  });
  return stage;
}

/**
 * A cable to a port: `cut()` breaks every connection and refuses new ones until `mend()`.
 * `cutAfter(text)` does so as soon as the server has sent that text, `holdAfter(text)` lets
 * nothing more through until `mend()`: what a test does in mid-answer is done in mid-answer,
 * however slow the page or fast the server.
 */
export async function cable(to) {
  const pairs = new Set();
  let broken = false;
  let watched = null; // { text, act }
  const server = net.createServer((near) => {
    if (broken) {
      near.destroy();
      return;
    }
    const far = net.connect(to, '127.0.0.1');
    const pair = { near, far };
    pairs.add(pair);
    for (const end of [near, far]) end.on('error', () => {});
    near.on('close', () => {
      pairs.delete(pair);
      far.destroy();
    });
    far.on('close', () => near.end()); // what was sent arrives
    near.pipe(far);
    let told = '';
    far.on('data', (chunk) => {
      near.write(chunk);
      told = (told + chunk.toString('latin1')).slice(-4096);
      if (watched === null || !told.includes(watched.text)) return;
      const { act } = watched;
      watched = null;
      act(pair);
    });
  });
  const cut = () => {
    broken = true;
    for (const { far } of pairs) far.destroy();
  };
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    cut,
    cutAfter(text) {
      watched = { text, act: cut };
    },
    holdAfter(text) {
      watched = { text, act: ({ far }) => far.pause() };
    },
    mend() {
      watched = null;
      broken = false;
      for (const { far } of pairs) far.resume();
    },
    close() {
      cut();
      server.close();
    },
  };
}

/**
 * A page of its own browser profile that remembers everything that a console would complain of.
 * `page.faults()` are the complaints; `allowed` are patterns of those a test provokes.
 */
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    acceptDownloads: true,
    ...options,
  });
  context.setDefaultTimeout(120_000); // the machine may be busy with anything
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.stack));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  page.faults = (allowed = /^$/) => faults.filter((fault) => !allowed.test(fault));
  if (process.env.HAVOC_E2E_SLOW) {
    // how many times slower than it is this machine is made for the page
    const devtools = await context.newCDPSession(page);
    const rate = Number(process.env.HAVOC_E2E_SLOW);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate });
  }
  await page.goto(url);
  return page;
}

export async function ask(page, text) {
  await page.fill('#question', text);
  await page.press('#question', 'Enter');
}

/** The newest answer, when nothing more comes. */
export async function answered(page, timeout = 120_000) {
  const article = page.locator('article[aria-label=Answer]').last();
  await article.waitFor({ timeout });
  await page.waitForFunction(
    () => {
      const all = [...document.querySelectorAll('article[aria-label=Answer]')];
      const last = all.at(-1);
      if (!last || ['waiting', 'streaming'].includes(last.dataset.phase)) return false;
      return !last.querySelector('[data-waiting]'); // parts of the page that are still fetched
    },
    null,
    { timeout },
  );
  return article;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on a page, as `rule: element`. */
export async function axe(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ['violations'] }),
  );
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 200)}`));
}

/**
 * An answer that the real server once gave, as the body of its stream: what needs no model to be
 * looked at. `answers/NAME.json` holds `[event, data]`.
 */
export function recorded(name) {
  const file = new URL(`answers/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'))
    .map(([event, data], i) => `id: ${i + 1}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    .join('');
}

/** Every question of a page is answered with a recorded answer. */
export const answerWith = (page, name) =>
  page.route('**/chat', (route) =>
    route.fulfill({ headers: { 'content-type': 'text/event-stream' }, body: recorded(name) }),
  );

/** By how many pixels a page is wider than its window. */
export const overflow = (page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
