/** The built page with a server whose words are chosen by the test: what a model could write. */
import { createReadStream, existsSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';

import { BUILT } from './harness.js';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }; // prettier-ignore

/** The policy of havoc/serving/security.py. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** @param chat `(send, ended) => Promise`: `send(event, data)` sends one event of the stream */
export async function scriptedServer(chat) {
  const server = http.createServer((request, response) => {
    response.setHeader('content-security-policy', POLICY);
    const route = new URL(request.url, 'http://x').pathname;
    if (route === '/chat') return stream(response, chat);
    if (route === '/health')
      return json(response, { status: 'ok', version: '0', model: 'scripted' });
    if (route === '/operations') return json(response, []);
    const file = path.join(BUILT, path.normalize(route === '/' ? '/index.html' : route));
    if (!file.startsWith(BUILT) || !existsSync(file)) {
      response.statusCode = 404;
      return json(response, { error: { code: 'not_found', message: route } });
    }
    response.setHeader('content-type', TYPES[path.extname(file)] ?? 'application/octet-stream');
    return createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => server.closeAllConnections() ?? server.close(),
  };
}

function json(response, value) {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

async function stream(response, chat) {
  response.setHeader('content-type', 'text/event-stream');
  let id = 0;
  const send = (event, data) =>
    response.write(`id: ${++id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  send('meta', { run_id: 'scripted', model: 'scripted' });
  await chat(send, () => response.destroyed);
  send('done', { status: 'written', finish_reason: 'stop' });
  response.end();
}
