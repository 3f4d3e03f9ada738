/**
 * The only file that knows the server: routes, bodies, errors, Server-Sent Events.
 *
 * Streams are async generators of `{ id, event, data }`. A POST is never sent twice by itself;
 * what was cut is taken up again through the run's own event log.
 */
import { createParser } from 'eventsource-parser';

import { connection } from './settings.js';

/** Without a byte (the server pings every 15 s) for this long, a stream counts as cut. */
export const IDLE_MS = 45_000;
/** Pauses before each attempt to take up a stream that was cut. */
export const BACKOFF_MS = [1500, 3000, 6000];

/** What the server refused or could not do. `code` is the server's word, `status` is HTTP's. */
export class ApiError extends Error {
  constructor(message, { code = 'http', status = 0, retryable = false } = {}) {
    super(message);
    this.name = 'ApiError';
    Object.assign(this, { code, status, retryable });
  }
}

function url(path) {
  return connection().url.replace(/\/+$/, '') + path;
}

async function request(path, { json, signal, method } = {}) {
  const { key } = connection();
  const headers = { accept: 'application/json, text/event-stream' };
  if (json !== undefined) headers['content-type'] = 'application/json';
  if (key) headers.authorization = `Bearer ${key}`;
  let response;
  try {
    response = await fetch(url(path), {
      method: method ?? (json === undefined ? 'GET' : 'POST'),
      headers,
      body: json === undefined ? undefined : JSON.stringify(json),
      signal,
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('The server cannot be reached.', { code: 'unreachable', retryable: true });
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response) {
  let error = {};
  try {
    error = (await response.json()).error ?? {};
  } catch {
    // a proxy's page, not ours
  }
  const message = error.message || `The server answered ${response.status}.`;
  return new ApiError(message, {
    code: error.code,
    status: response.status,
    retryable: error.retryable ?? response.status >= 500,
  });
}

const getJson = async (path, options) => (await request(path, options)).json();

/** Whether the server lives: `{ status, version, model }`. */
export const health = (options) => getJson('/health', options);

/** The schemas of all operations (`{ name, family, summary, parameters, examples, ... }`). */
export const operations = (options) => getJson('/operations', options);

/**
 * Run a DSL program. Resolves to `{ program, results, audit, excluded }`.
 *
 * @param body `{ program, attachments?, tables?, exclude? }`: tables are `{ name, columns, rows,
 *   units? }`; exclude maps a file's name, an inline table's variable or `result.parameter` to row
 *   numbers, counted from 1
 */
export const run = ({ program, attachments = [], tables = [], exclude = {} }, options) =>
  getJson('/run', {
    ...options,
    json: { program, attachments: attachments.map(sent), tables, exclude },
  });

/**
 * How the server reads a file: `{ name, bytes, rows, columns: [{ name, type, unit, missing,
 * distinct, levels, group, minimum, maximum, mean }], groups, decimal_comma, notes, head }`.
 */
export const previewData = (attachment, options) =>
  getJson('/data/preview', { ...options, json: sent(attachment) });

/** Tables (`{ name, columns, rows }`) as an XLSX workbook: a Blob. */
export async function workbook(tables, options) {
  const sent = tables.map(({ name, columns, rows }) => ({
    name: (name || 'table').replace(/[/\\\0]/g, ' ').slice(0, 200),
    columns: columns.map((c) => String(c) || ' '),
    rows: rows.map((row) => row.map((v) => (typeof v === 'boolean' ? (v ? 'yes' : 'no') : v))),
  }));
  return (await request('/data/xlsx', { ...options, json: { tables: sent } })).blob();
}

/** A passage of the library: `{ id, title, source, text }`. */
export const passage = (id, options) => getJson(`/passages/${encodeURIComponent(id)}`, options);

/** Stop a run on the server; its events so far stay readable. */
export const cancelRun = (runId, options) =>
  getJson(`/runs/${encodeURIComponent(runId)}/cancel`, { ...options, method: 'POST' });

function sent({ name, content, content_base64 }) {
  return content === undefined ? { name, content_base64 } : { name, content };
}

/**
 * Ask. Yields the server's events (`meta stage result citation token audit usage error done`) and,
 * from here, `connection` with `{ state: 'opened' | 'lost' | 'resumed' | 'cut' | 'gone', run_id }`.
 *
 * @param body `{ messages, attachments, reasoning, ...sampling }`
 * @param options `{ signal, backoff, idle }`
 */
export async function* chat(body, options = {}) {
  const json = { ...body, attachments: (body.attachments ?? []).map(sent), stream: true };
  const response = await request('/chat', { json, signal: options.signal });
  // known before the first event comes: who loses that one can still take the run up
  const runId = response.headers.get('x-run-id');
  if (runId) yield connectionEvent('opened', 0, runId);
  yield* followed(response, runId, 0, options);
}

/** Take up a run from its event `after` + 1 on; the events are those of `chat`. */
export async function* resumeRun(runId, after = 0, options = {}) {
  const response = await events(runId, after, options);
  yield* followed(response, runId, after, options);
}

const events = (runId, after, { signal }) =>
  request(`/runs/${encodeURIComponent(runId)}/events?after=${after}`, { signal });

async function* followed(response, runId, after, options) {
  const { signal, backoff = BACKOFF_MS, idle = IDLE_MS } = options;
  let stream = response;
  let seen = after;
  let tries = 0;
  for (;;) {
    try {
      for await (const event of readEvents(stream, idle)) {
        if (event.id && event.id <= seen) continue;
        seen = event.id || seen;
        tries = 0;
        if (event.event === 'meta') runId = event.data.run_id;
        yield event;
        if (event.event === 'done') return;
      }
    } catch (error) {
      if (signal?.aborted || error instanceof ApiError) throw error;
    }
    signal?.throwIfAborted();
    yield connectionEvent('lost', seen, runId);
    stream = null;
    while (stream === null) {
      if (!runId || tries >= backoff.length) {
        yield connectionEvent('cut', seen, runId);
        return;
      }
      await sleep(backoff[tries++], signal);
      try {
        stream = await events(runId, seen, options);
      } catch (error) {
        if (signal?.aborted) throw error;
        if (error.status === 404) {
          yield connectionEvent('gone', seen, runId);
          return;
        }
      }
    }
    yield connectionEvent('resumed', seen, runId);
  }
}

const connectionEvent = (state, after, runId) => ({
  id: 0,
  event: 'connection',
  data: { state, after, run_id: runId },
});

/** The events of one response; ends when the body does, throws where it is silent for `idle` ms. */
export async function* readEvents(response, idle = IDLE_MS) {
  const found = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      if (data === '[DONE]') return;
      found.push({ id: Number(id) || 0, event: event ?? 'message', data: JSON.parse(data) });
    },
  });
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), idle);
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* found.splice(0);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function within(promise, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('the stream is silent')), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}
