/** Many changes, one commit per frame. */
import { flushSync } from 'react-dom';

/**
 * Collects items and hands them over once per animation frame, committed before that frame is
 * painted (a transition, or state set after the frame, would show text later or starve it). A
 * hidden page has no frames, so a timer stands in.
 */
export function frameBatch(take) {
  let items = [];
  let cancel = null;
  const flush = () => {
    cancel?.();
    cancel = null;
    if (!items.length) return;
    const taken = items;
    items = [];
    flushSync(() => take(taken));
  };
  const schedule = () => {
    if (document.hidden) {
      const timer = setTimeout(flush, 200);
      return () => clearTimeout(timer);
    }
    const frame = requestAnimationFrame(flush);
    return () => cancelAnimationFrame(frame);
  };
  return {
    push(item) {
      items.push(item);
      cancel ??= schedule();
    },
    flush,
  };
}
