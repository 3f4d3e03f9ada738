/**
 * The focus is never lost: where the control that has it goes away (stopped, closed, deleted,
 * sent) the nearest one that stands takes it, so that who works by keyboard stays in place.
 */

const STOPS =
  'a[href], button:not(:disabled), input:not(:disabled, [tabindex="-1"]), select, textarea, summary, [tabindex="0"]';

const stops = (root) => [...root.querySelectorAll(STOPS)].filter((e) => e.checkVisibility?.() ?? true); // prettier-ignore

/** Begin to keep it within `root`; returns what ends it. */
export function keepFocus(root) {
  let trail = []; // the element that has the focus and all it stands in, each with its place there
  let byKeyboard = false;
  const remember = ({ target }) => {
    trail = [];
    for (let e = target; e && e !== root.parentNode; e = e.parentNode) {
      trail.push({ element: e, index: e === target ? 0 : stops(e).indexOf(target) });
    }
  };
  const lost = () => {
    if (!byKeyboard || !trail.length || document.activeElement !== document.body) return;
    const { element } = trail[0];
    if (element.isConnected && !element.disabled && (element.checkVisibility?.() ?? true)) return;
    for (const { element: around, index } of trail.slice(1)) {
      if (!around.isConnected) continue;
      const there = stops(around);
      if (!there.length) continue;
      there[Math.max(0, Math.min(index, there.length - 1))].focus();
      return;
    }
  };
  const key = (event) => {
    byKeyboard = true;
    // a disabled control loses the focus with the next frame, without a change of the tree
    if (event.key === 'Enter' || event.key === ' ') setTimeout(() => requestAnimationFrame(lost), 50); // prettier-ignore
  };
  const pointer = () => {
    byKeyboard = false;
  };
  const watch = new MutationObserver(lost);
  watch.observe(root, { childList: true, subtree: true });
  root.addEventListener('focusin', remember);
  window.addEventListener('keydown', key, true);
  window.addEventListener('pointerdown', pointer, true);
  return () => {
    watch.disconnect();
    root.removeEventListener('focusin', remember);
    window.removeEventListener('keydown', key, true);
    window.removeEventListener('pointerdown', pointer, true);
  };
}
