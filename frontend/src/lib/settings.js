/**
 * Settings: kept in localStorage, except the server's key, which lives as long as the tab.
 */
const STORE = 'havoc.settings';
const KEY = 'havoc.key';

export const PRESETS = {
  precise: { temperature: 0.1, top_p: 0.9, top_k: 20 },
  balanced: { temperature: 0.7, top_p: 0.9, top_k: 50 },
  creative: { temperature: 1.0, top_p: 0.95, top_k: 100 },
};

export const DEFAULTS = {
  theme: 'system', // system | light | dark
  detail: 'normal', // brief | normal | full
  preset: 'balanced', // a key of PRESETS, or custom
  sampling: { ...PRESETS.balanced, max_new_tokens: 512, repetition_penalty: 1.1, seed: null },
  reasoning: true,
  scene: 'auto', // auto | on | off
  decimal: 'auto', // auto | point | comma: the decimal sign of numbers on the page
  digits: 0, // significant digits of numbers on the page; 0: as the answer has them
  serverUrl: '', // empty: where the page comes from
};

export function loadSettings() {
  let stored = {};
  try {
    stored = JSON.parse(localStorage.getItem(STORE) || '{}');
  } catch {
    // damaged or forbidden storage: the defaults
  }
  const known = Object.fromEntries(Object.entries(stored).filter(([k]) => k in DEFAULTS));
  return { ...DEFAULTS, ...known, sampling: { ...DEFAULTS.sampling, ...known.sampling } };
}

export function saveSettings(settings) {
  try {
    localStorage.setItem(STORE, JSON.stringify(settings));
  } catch {
    // private mode: settings last as long as the page
  }
}

export function loadKey() {
  try {
    return sessionStorage.getItem(KEY) || '';
  } catch {
    return '';
  }
}

export function saveKey(key) {
  try {
    if (key) sessionStorage.setItem(KEY, key);
    else sessionStorage.removeItem(KEY);
  } catch {
    // lasts as long as the page
  }
}

let current = null;

/** Where the server is and with which key it is asked. */
export function connection() {
  current ??= { url: loadSettings().serverUrl, key: loadKey() };
  return current;
}

export function setConnection(url, key) {
  current = { url, key };
}

/** The theme in effect: light or dark. */
export function effectiveTheme(theme) {
  if (theme !== 'system') return theme;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
