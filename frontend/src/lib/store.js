/** The page's own state: which view, the settings, what one view hands to another. */
import { create } from 'zustand';

import { setDecimalSign } from './format.js';
import {
  effectiveTheme,
  loadKey,
  loadSettings,
  saveKey,
  saveSettings,
  setConnection,
} from './settings.js';

export const VIEWS = ['chat', 'worksheet', 'operations'];

/** `#/operations/spc.xbar_r` as `{ view: 'operations', rest: 'spc.xbar_r' }`. */
export function readHash(hash) {
  const [, view, ...rest] = hash.split('/');
  return {
    view: VIEWS.includes(view) ? view : 'chat',
    rest: rest.map(decodeURIComponent).join('/'),
  };
}

setDecimalSign(loadSettings().decimal);

export const useApp = create((set, get) => ({
  ...readHash(window.location.hash),
  settings: loadSettings(),
  key: loadKey(),
  /** What the chat handed to the worksheet: `{ result, program }` of a design operation. */
  design: null,
  /** What another view wants to be asked: `{ text, attachments }`. */
  draft: null,
  /** What is open in a view, for the tab's name: a worksheet's title. */
  subject: '',
  /** A short message for everyone, also read out: `{ text, tone, at }`. */
  notice: null,

  /**
   * Go to a view; `rest` names what is open in it (a conversation, an operation). With `replace`,
   * Back does not come to where this was called.
   */
  go(view, rest = '', { replace = false } = {}) {
    const hash = `#/${view}${rest ? `/${encodeURIComponent(rest)}` : ''}`;
    if (window.location.hash !== hash)
      window.history[replace ? 'replaceState' : 'pushState'](null, '', hash);
    set({ view, rest });
  },
  followHash: () => set(readHash(window.location.hash)),
  openDesign(result, program) {
    set({ design: { result, program } });
    get().go('worksheet');
  },
  ask(text, attachments = []) {
    set({ draft: { text, attachments } });
    get().go('chat');
  },
  settingsOpen: false,
  historyOpen: false,
  openSettings: () => set({ settingsOpen: true }),
  closeSettings: () => set({ settingsOpen: false }),
  setHistoryOpen: (historyOpen) => set({ historyOpen }),
  takeDraft() {
    const { draft } = get();
    if (draft) set({ draft: null });
    return draft;
  },
  notify: (text, tone = 'info') => set({ notice: { text, tone, at: Date.now() } }),
  changeSettings(change) {
    const settings = { ...get().settings, ...change };
    saveSettings(settings);
    setConnection(settings.serverUrl, get().key);
    document.documentElement.dataset.theme = effectiveTheme(settings.theme);
    setDecimalSign(settings.decimal);
    set({ settings });
  },
  changeKey(key) {
    saveKey(key);
    setConnection(get().settings.serverUrl, key);
    set({ key });
  },
}));

/** For what shows numbers: their significant digits; it is rendered again when the sign changes. */
export function useDigits() {
  useApp((s) => s.settings.decimal);
  return useApp((s) => s.settings.digits);
}
