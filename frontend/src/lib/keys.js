/** The keyboard map: one list, read by the handler and by the help. */

export const SHORTCUTS = [
  { id: 'new', keys: 'mod+shift+o', does: 'New conversation' },
  { id: 'search', keys: 'mod+k', does: 'Search the history' },
  { id: 'compose', keys: '/', does: 'Write a question' },
  { id: 'stop', keys: 'escape', does: 'Stop the answer that is being made' },
  { id: 'copy', keys: 'mod+shift+c', does: 'Copy the last answer' },
  { id: 'settings', keys: 'mod+,', does: 'Settings' },
  { id: 'chat', keys: 'alt+1', does: 'Chat' },
  { id: 'worksheet', keys: 'alt+2', does: 'Worksheet' },
  { id: 'operations', keys: 'alt+3', does: 'Operations' },
  { id: 'help', keys: '?', does: 'This list' },
];

/** Keys with a meaning in one place only, for the help. */
export const LOCAL_KEYS = [
  { keys: 'enter', does: 'In the question: send it' },
  { keys: 'shift+enter', does: 'In the question: a new line' },
  { keys: 'arrowup', does: 'In an empty question: edit the last one' },
  { keys: 'enter', does: 'On a number: what made it' },
  {
    keys: 'arrowright',
    does: 'On a point of a chart: the next one; Home and End: the first, the last',
  },
  { keys: 'n', does: 'On a point of a control chart: the next signal; P: the one before' },
  { keys: 'enter', does: 'On a point of a chart: select it, leave it out; Esc closes' },
];

const mac = () => /mac|iphone|ipad/i.test(navigator.platform ?? '');

/** The shortcut that an event means, or null; single keys mean nothing while someone types. */
export function shortcutOf(event) {
  const typing =
    /^(input|textarea|select)$/i.test(event.target?.tagName ?? '') ||
    event.target?.isContentEditable;
  return (
    SHORTCUTS.find(({ keys, id }) => {
      const parts = keys.split('+');
      const key = parts.at(-1);
      const wants = (name) => parts.slice(0, -1).includes(name);
      const single = parts.length === 1 && id !== 'stop';
      if (single && typing) return false;
      const pressed =
        wants('alt') && /^Digit\d$/.test(event.code)
          ? event.code.slice(5)
          : event.key.toLowerCase();
      if (pressed !== key) return false;
      const mod = mac() ? event.metaKey : event.ctrlKey;
      if (wants('mod') !== Boolean(mod) || wants('alt') !== Boolean(event.altKey)) return false;
      return single || wants('shift') === Boolean(event.shiftKey);
    })?.id ?? null
  );
}

const NAMES = { mod: () => (mac() ? '⌘' : 'Ctrl'), shift: () => 'Shift', alt: () => (mac() ? '⌥' : 'Alt'), escape: () => 'Esc', enter: () => 'Enter', arrowup: () => '↑', arrowright: () => '→' }; // prettier-ignore

/** Keys as they are printed on them. */
export const keyNames = (keys) => keys.split('+').map((k) => NAMES[k]?.() ?? k.toUpperCase());
