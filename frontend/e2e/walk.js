/** A walk over a page by Tab alone: what has the focus, whether it shows, what is never reached. */

/**
 * Press Tab from where the focus is until it comes round; `{ stops, faults }`. A fault is a stop
 * that does not show its focus or is out of sight, and a control that no stop is.
 * `within` is the selector of a part: the walk ends where it leaves that.
 * Parts of a page are fetched when they are needed: a walk that a control came into begins again.
 */
export async function walk(page, options = {}) {
  await page.waitForLoadState('networkidle');
  let found;
  for (let walks = 0; walks < 3; walks += 1) {
    found = await walkOnce(page, options);
    if (!found.came) break;
  }
  return found;
}

async function walkOnce(page, { most = 400, within = null }) {
  await page.evaluate(prepare, within);
  const stops = [];
  const faults = [];
  for (let i = 0; i < most; i += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => globalThis.walkStop());
    if (stop.again) break;
    if (stop.name === 'nothing') continue;
    stops.push(stop.name);
    faults.push(...stop.faults.map((f) => `${stop.name}: ${f}`));
    if (i === most - 1) faults.push(`no end after ${most} stops`);
  }
  const missed = await page.evaluate(() => globalThis.walkMissed());
  faults.push(...missed.map((m) => m.fault));
  return { stops, faults, came: missed.some((m) => m.came) };
}

/** In the page: helpers that outlive the single step. */
function prepare(within) {
  const seen = new Set();
  const name = (e) =>
    `${e.getAttribute('role') ?? e.tagName.toLowerCase()} “${(e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent ?? '').trim().slice(0, 60)}”`;
  const outlined = (e) => {
    const s = getComputedStyle(e);
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1;
  };
  const shows = (e) => {
    const around = [e, e.parentElement, e.closest('label'), e.closest('[data-focus-frame]')];
    if (around.some((x) => x && outlined(x))) return true;
    const ring = e.querySelector('.focus-ring');
    return Boolean(ring && getComputedStyle(ring).stroke !== 'none');
  };
  const inSight = (e) => {
    const label = e.matches('.sr-only') ? e.closest('label') : e;
    const b = (label ?? e).getBoundingClientRect();
    if (b.width < 2 || b.height < 2) return false;
    const [x, y] = [Math.max(b.left, 0), Math.max(b.top, 0)];
    const [r, u] = [Math.min(b.right, innerWidth), Math.min(b.bottom, innerHeight)];
    return r - x > 1 && u - y > 1;
  };
  globalThis.walkStop = () => {
    const e = document.activeElement;
    if (!e || e === document.body || e === document.documentElement) return { name: 'nothing' };
    if (seen.has(e) || (within && !e.closest(within))) return { again: true };
    seen.add(e);
    const faults = [];
    if (!shows(e)) faults.push('its focus does not show');
    if (!inSight(e)) faults.push('it has the focus out of sight');
    if (/“”$/.test(name(e))) faults.push('it has no name');
    return { name: name(e), faults };
  };
  const controls = () => {
    const root = document.querySelector(within ?? 'dialog[open]') ?? document;
    return [...root.querySelectorAll('a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary, [tabindex="0"], [role=option], [role=tab]')]; // prettier-ignore
  };
  const atFirst = new Set(controls());
  globalThis.walkMissed = () => {
    return (
      controls()
        // there only while the end is out of sight; the End key does the same
        .filter((e) => e.textContent.trim() !== 'To the end')
        .filter((e) => !seen.has(e) && e.checkVisibility({ visibilityProperty: true }))
        .filter((e) => {
          if (e.type === 'radio')
            return ![...seen].some((s) => s.name === e.name && s.type === 'radio');
          const roving = e.closest('[role=listbox], [role=tablist], [role=radiogroup]');
          if (roving) return ![...seen].some((s) => roving.contains(s));
          return e.type !== 'file' || e.tabIndex >= 0; // a button opens it
        })
        .map((e) => ({ fault: `${name(e)}: Tab does not reach it`, came: !atFirst.has(e) }))
    );
  };
}
