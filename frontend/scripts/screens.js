// Takes the pictures of docs/ui from a running server with a trained model:
// `node scripts/screens.js http://127.0.0.1:3000`.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { answered, ask, launch, openPage } from '../e2e/harness.js';

const OUT = process.env.HAVOC_SCREENS || fileURLToPath(new URL('../../docs/ui/', import.meta.url));
const url = process.argv[2];
if (!url) {
  console.error('which server? node scripts/screens.js http://127.0.0.1:3000');
  process.exit(2);
}
mkdirSync(OUT, { recursive: true });

const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 }, deviceScaleFactor: 1 },
};
const READINGS =
  '10.1 9.8 10.3 10.0 9.9 10.2 10.1 9.7 10.4 13.2 10.0 9.9 10.1 10.2 9.8 10.0 10.1 9.9 10.3 10.0';
const PLATES = `run;supplier;thickness (mm)
${Array.from({ length: 24 }, (_, i) => `${i + 1};${'AB'[i % 2]};${i === 6 ? '' : (1.5 + 0.03 * Math.sin(5 * i) + 0.02 * (i % 2)).toFixed(2).replace('.', ',')}`).join('\n')}
`;

const browser = await launch();
for (const [look, options] of Object.entries(LOOKS)) {
  const page = await openPage(browser, url, options);
  const shot = async (name) => {
    await page.waitForTimeout(700);
    await page.screenshot({ path: `${OUT}${name}-${look}.png` });
    console.log(`${name}-${look}`);
  };
  await shot('start');

  await page.setInputFiles('input[type=file]', { name: 'plates.csv', mimeType: 'text/csv', buffer: Buffer.from(PLATES) }); // prettier-ignore
  await page.getByText('24 rows × 3 columns').waitFor();
  await page.getByRole('button', { name: 'Show rows' }).click();
  await page.fill('#question', 'Do the suppliers in plates.csv differ in mean thickness?');
  await shot('intake');
  await page.getByRole('button', { name: 'Remove plates.csv' }).click();
  await page.fill('#question', '');

  await ask(page, `Make an individuals chart of ${READINGS}`);
  await page.locator('[data-status=finished]').nth(2).waitFor({ timeout: 60_000 });
  await shot('live');
  const answer = await answered(page);
  await answer.getByRole('figure').first().waitFor();
  await shot('answer');
  await answer.locator('a[data-verified=true]').nth(1).click();
  await shot('number');
  await page.keyboard.press('Escape');
  for (const tab of ['Program', 'Audit', 'Assumptions', 'Candidates', 'Sources', 'Stages']) {
    if (!(await answer.getByRole('tab', { name: tab }).count())) continue; // no sources were cited
    await answer.getByRole('tab', { name: tab }).click();
    await answer.getByRole('tablist').evaluate((e) => e.scrollIntoView({ block: 'start' }));
    if (look === 'light' || tab === 'Candidates') await shot(tab.toLowerCase());
  }
  const chart = answer.getByRole('figure', { name: /individuals/i }).first();
  await chart.getByRole('button', { name: 'Point 10', exact: true }).click();
  await chart.evaluate((e) => e.scrollIntoView({ block: 'start' }));
  await shot('chart');
  const point = chart.getByRole('region', { name: 'Point 10' });
  await point.getByLabel(/Assignable cause/).fill('gauge slipped');
  await point.getByRole('button', { name: 'Leave out and recompute' }).click();
  const again = answer.locator('details', { hasText: 'Run again 1' });
  await again.waitFor({ timeout: 60_000 });
  await again.evaluate((e) => e.scrollIntoView({ block: 'start' }));
  await shot('again');

  await page.getByRole('button', { name: 'Settings' }).click();
  await shot('settings');
  await page.keyboard.press('Escape');
  if (look !== 'phone') {
    await page.getByRole('button', { name: 'Keyboard' }).click();
    await shot('keyboard');
    await page.keyboard.press('Escape');
  }

  await page.getByRole('link', { name: 'Operations' }).click();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await shot('operations');
  await page.goto(`${url.replace(/\/?$/, '/')}#/operations/spc.xbar_r`);
  await shot('operation');

  await page.getByRole('link', { name: 'Chat' }).click();
  await page.goto(`${url.replace(/\/?$/, '/')}#/chat`);
  await page.reload();
  await ask(page, 'Plan a Box-Behnken design for temperature 150 to 200 degC, pressure 1 to 5 bar and time 10 to 30 min with 3 center points'); // prettier-ignore
  const design = await answered(page);
  await shot('design');
  await design.getByRole('button', { name: 'Open as worksheet' }).click();
  await page.locator('tbody tr').first().waitFor();
  await shot('worksheet');
  await page.context().close();
}
await browser.close();
