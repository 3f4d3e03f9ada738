// @vitest-environment node
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { ApiError, chat, readEvents, resumeRun, run } from '../src/lib/api.js';

const encode = (text) => new TextEncoder().encode(text);

/** A body that gives its chunks one by one and then ends, or breaks off with an error. */
function bodyOf(chunks, breaks = false) {
  let i = 0;
  return new ReadableStream({
    pull(controller) {
      if (i < chunks.length) controller.enqueue(chunks[i++]);
      else if (breaks) controller.error(new TypeError('network error'));
      else controller.close();
    },
  });
}

const sse = (events) =>
  events
    .map(([id, event, data]) => `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    .join('');

const responses = (...list) => {
  const calls = [];
  vi.stubGlobal('fetch', async (url, options) => {
    calls.push({ url, options });
    const next = list.shift();
    if (next instanceof Error) throw next;
    return next;
  });
  return calls;
};

const collect = async (stream) => {
  const found = [];
  for await (const event of stream) found.push(event);
  return found;
};

const META = [1, 'meta', { run_id: 'r-1', model: 'm' }];
const TOKENS = [
  [2, 'token', { t: 'Größe „µm“ ' }],
  [3, 'token', { t: '[1.33](#v:r1.cpk)\n\n' }],
];
const DONE = [4, 'done', { status: 'answered' }];

afterEach(() => vi.unstubAllGlobals());

describe('the event stream', () => {
  test('is the same however the bytes are cut', async () => {
    const bytes = encode(': ping\n\n' + sse([META, ...TOKENS, DONE]).replaceAll('\n', '\r\n'));
    const whole = await collect(readEvents(new Response(bodyOf([bytes]))));
    expect(whole.map((e) => e.event)).toEqual(['meta', 'token', 'token', 'done']);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, i) => bytes.slice(at[i], end));
        expect(await collect(readEvents(new Response(bodyOf(chunks))))).toEqual(whole);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  test('that falls silent counts as cut', async () => {
    const silent = new Response(new ReadableStream({}));
    await expect(collect(readEvents(silent, 20))).rejects.toThrow('silent');
  });
});

describe('a chat', () => {
  const options = { backoff: [1, 1, 1] };

  test('that breaks off is taken up after the last event, and asked only once', async () => {
    const calls = responses(
      new Response(bodyOf([encode(sse([META, TOKENS[0]]))], true)),
      new Response(bodyOf([encode(sse([TOKENS[1], DONE]))])),
    );
    const events = await collect(chat({ messages: [] }, options));
    expect(events.map((e) => e.event)).toEqual([
      'meta', 'token', 'connection', 'connection', 'token', 'done',
    ]); // prettier-ignore
    expect(events.filter((e) => e.event === 'connection').map((e) => e.data.state)).toEqual([
      'lost',
      'resumed',
    ]);
    expect(calls.map((c) => c.options.method)).toEqual(['POST', 'GET']);
    expect(calls[1].url).toMatch('/runs/r-1/events?after=2');
  });

  test('is taken up again though not even its first event came', async () => {
    const calls = responses(
      new Response(bodyOf([]), { headers: { 'x-run-id': 'r-1' } }),
      new Response(bodyOf([encode(sse([META, TOKENS[0], DONE]))])),
    );
    const events = await collect(chat({ messages: [] }, options));
    expect(events[0].data).toMatchObject({ state: 'opened', run_id: 'r-1' });
    expect(calls[1].url).toMatch('/runs/r-1/events?after=0');
    expect(events.at(-1).event).toBe('done');
  });

  test('is not given an event twice when the server repeats one', async () => {
    responses(
      new Response(bodyOf([encode(sse([META, TOKENS[0]]))])), // ends without `done`
      new Response(bodyOf([encode(sse([TOKENS[0], TOKENS[1], DONE]))])),
    );
    const events = await collect(chat({ messages: [] }, options));
    expect(events.filter((e) => e.event === 'token').map((e) => e.id)).toEqual([2, 3]);
  });

  test('ends as cut when the server stays away', async () => {
    const away = new TypeError('failed to fetch');
    responses(new Response(bodyOf([encode(sse([META]))])), away, away, away);
    const events = await collect(chat({ messages: [] }, options));
    expect(events.at(-1).data).toMatchObject({ state: 'cut', run_id: 'r-1', after: 1 });
  });

  test('ends as gone when the server has forgotten the run', async () => {
    const unknown = Response.json(
      { error: { code: 'unknown_run', message: 'no' } },
      { status: 404 },
    );
    responses(new Response(bodyOf([encode(sse([META]))])), unknown);
    const events = await collect(chat({ messages: [] }, options));
    expect(events.at(-1).data.state).toBe('gone');
  });

  test('that is left stops reading', async () => {
    const controller = new AbortController();
    responses(new Response(bodyOf([encode(sse([META]))])));
    const stream = chat(
      { messages: [] },
      { ...options, backoff: [60_000], signal: controller.signal },
    );
    expect((await stream.next()).value.event).toBe('meta');
    expect((await stream.next()).value.data.state).toBe('lost');
    setTimeout(() => controller.abort(), 5);
    await expect(stream.next()).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('sends files without what belongs to the page alone', async () => {
    const calls = responses(new Response(bodyOf([encode(sse([META, DONE]))])));
    const attachments = [{ name: 'a.csv', content: 'x\n1\n', note: 'ours' }];
    await collect(chat({ messages: [{ role: 'user', content: 'q' }], attachments }, options));
    expect(JSON.parse(calls[0].options.body)).toEqual({
      messages: [{ role: 'user', content: 'q' }],
      attachments: [{ name: 'a.csv', content: 'x\n1\n' }],
      stream: true,
    });
  });
});

describe('an error', () => {
  test('of the server keeps its code and message', async () => {
    const error = { code: 'busy', message: 'all slots are taken', retryable: true };
    responses(Response.json({ error }, { status: 429 }));
    await expect(run({ program: 'x' })).rejects.toMatchObject({ ...error, status: 429 });
  });

  test('of a proxy still says what happened', async () => {
    responses(new Response('<html>Bad gateway</html>', { status: 502 }));
    const failure = await run({ program: 'x' }).catch((e) => e);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ status: 502, retryable: true });
  });

  test('of the network is told apart', async () => {
    responses(new TypeError('failed to fetch'));
    await expect(collect(resumeRun('r-1'))).rejects.toMatchObject({ code: 'unreachable' });
  });
});
