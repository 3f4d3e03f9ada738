// Runs before the first paint, so that a chosen theme does not flash; a file of its own because
// the content security policy allows no inline script.
(() => {
  let theme = 'system';
  try {
    theme = JSON.parse(localStorage.getItem('havoc.settings') || '{}').theme || 'system';
  } catch {
    // storage is off: the system's theme
  }
  const dark =
    theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
