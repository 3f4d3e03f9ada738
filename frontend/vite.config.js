import { fileURLToPath } from 'node:url';

import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const SERVER = process.env.VITE_API_URL || 'http://127.0.0.1:8000';
const ROUTES = [
  '/chat',
  '/completion',
  '/data',
  '/docs',
  '/health',
  '/metrics',
  '/operations',
  '/passages',
  '/ready',
  '/run',
  '/runs',
  '/v1',
];

/** KaTeX brings each font three times; every browser that runs this code reads woff2. */
const onlyWoff2 = {
  name: 'only-woff2',
  generateBundle(_options, bundle) {
    for (const name of Object.keys(bundle)) {
      if (/\.(ttf|woff)$/.test(name)) delete bundle[name];
    }
  },
};

export default defineConfig({
  base: './',
  plugins: [react(), tailwindcss(), onlyWoff2],
  server: {
    port: 3000,
    // By default the page asks its own origin, as it does when the server serves it.
    proxy: Object.fromEntries(ROUTES.map((route) => [`^${route}(/|\\?|$)`, { target: SERVER }])),
  },
  build: {
    // The Python package serves this folder; wheel and bento carry it.
    outDir: fileURLToPath(new URL('../havoc/serving/static', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // a data: URL would break `font-src 'self'`
    manifest: true,
  },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.{js,jsx}'],
    setupFiles: ['tests/setup.js'],
    restoreMocks: true,
    pool: 'threads', // start sooner than processes, which a busy machine can keep waiting too long
    testTimeout: 180_000, // a busy machine is no failure
  },
});
