// Takes the pictures of docs/ui from a running server with a trained model:
// `node scripts/screens.js http://127.0.0.1:3000`, or only some: `... light figures`.
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { createServer } from 'vite';

import { answered, ask, cable, launch, openPage } from '../e2e/harness.js';

const OUT = process.env.HAVOC_SCREENS || fileURLToPath(new URL('../../docs/ui/', import.meta.url));
const [, , named, ...only] = process.argv;
const wanted = (look) => !only.length || only.includes(look);
if (!named) {
  console.error('which server? node scripts/screens.js http://127.0.0.1:3000');
  process.exit(2);
}
const wire = await cable(Number(new URL(named).port)); // held while an answer is being made
const { url } = wire;
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
for (const [look, options] of Object.entries(LOOKS).filter(([name]) => wanted(name))) {
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

  wire.holdAfter('"name":"execute"');
  await ask(page, `Make an individuals chart of ${READINGS}`);
  await page.locator('[data-status=finished]').nth(2).waitFor({ timeout: 60_000 });
  await shot('live');
  wire.mend();
  const answer = await answered(page);
  await answer.getByRole('figure').first().waitFor();
  await shot('answer');
  await answer.locator('a[data-verified=true]').nth(1).click();
  await shot('number');
  await page.keyboard.press('Escape');
  for (const tab of [
    'Results',
    'Program',
    'Audit',
    'Assumptions',
    'Candidates',
    'Sources',
    'Stages',
  ]) {
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

  await page.getByRole('button', { name: 'Export' }).click();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: /Report/ }).click();
  if (look === 'light') {
    const report = await page.context().newPage();
    await report.setContent(readFileSync(await (await saving).path(), 'utf8'));
    await report.screenshot({ path: `${OUT}report-light.png` });
    console.log('report-light');
    await report.close();
  }

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

  // a response whose surface has its top inside, so that there is something to find
  const settings = await page
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((r) => [...r.cells].slice(3, 6).map((c) => Number(c.textContent)))); // prettier-ignore
  for (const [i, [temperature, pressure, time]] of settings.entries()) {
    const noise = 0.2 * Math.sin(7 * i);
    const y = 80 - ((temperature - 178) / 12) ** 2 - ((pressure - 3.4) / 0.9) ** 2 - ((time - 22) / 6) ** 2 + noise; // prettier-ignore
    await page.locator(`[data-cell="${i}.0"]`).fill(y.toFixed(2));
  }
  await page.getByLabel('Name', { exact: true }).fill('yield');
  await page.getByRole('button', { name: 'Analyse', exact: true }).click();
  const best = page.getByRole('region', { name: 'Best settings' });
  await best.waitFor({ timeout: 120_000 });
  await best.evaluate((e) => e.scrollIntoView({ block: 'start' }));
  await shot('worksheet-analysis');
  const contour = page.getByRole('figure', { name: /over temperature and pressure/ }).first();
  await contour.getByRole('button', { name: 'Show the 3D surface' }).click();
  await contour.locator('canvas').waitFor();
  await contour.evaluate((e) => e.scrollIntoView({ block: 'start' }));
  await page.waitForTimeout(1500); // software draws it
  await shot('surface');
  await page.context().close();
}
if (wanted('figures')) await gallery();
await browser.close();
wire.close();

/** Every kind of figure, from the data of the unit tests. */
async function gallery() {
  const FAMILIES = {
    control: 'control_chart,run_chart,cusum_chart',
    distributions: 'histogram,capability_histogram,distribution,discrete_distribution,fitted_distribution,probability_plot,weibull_plot', // prettier-ignore
    effects: 'half_normal,pareto,main_effects,interaction',
    surfaces: 'contour,residuals',
    groups: 'box_plot,group_plot,dot_plot,interval,intervals,mosaic,bars,correlation_map,heatmap,variance_components', // prettier-ignore
    curves: 'oc_curve,power_curve,line,step,curves,regression_line,fitted_line,autocorrelation,fds,scatter', // prettier-ignore
  };
  const server = await createServer({
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'error',
    server: { port: 0, strictPort: false },
  });
  await server.listen();
  const at = server.resolvedUrls.local[0];
  for (const theme of ['light', 'dark'])
    for (const [name, kinds] of Object.entries(FAMILIES)) {
      const page = await openPage(browser, `${at}dev/gallery.html?theme=${theme}&kinds=${kinds}`, {
        colorScheme: theme,
        viewport: { width: 1100, height: 900 },
      });
      await page.getByRole('figure').last().waitFor();
      await page.waitForTimeout(700);
      await page.screenshot({ path: `${OUT}figures-${name}-${theme}.png`, fullPage: true });
      console.log(`figures-${name}-${theme}`);
      await page.context().close();
    }
  await server.close();
}
