import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { LiqbandsClient } from './client';
import type { Stream, StreamHandlers, StreamState } from './live';
import { type Answerer, listen, type LoopbackServer, sendJson } from './testing/loopback-server';

const TIMING = { firstWaitMs: 20, lastWaitMs: 80, silenceMs: 60_000 };
/** A busy machine may need that long. */
const SOON = { timeout: 4_000, interval: 10 };
const QUERY = { symbol: 'S:X.P', timeframe: '1m' };

const opened: Stream[] = [];
const servers: LoopbackServer[] = [];

afterEach(async () => {
  for (const stream of opened.splice(0)) stream.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Serve with one answer for each connection, the last one for all further ones. */
async function serve(...answers: Answerer[]): Promise<LoopbackServer> {
  let connection = 0;
  const server = await listen((request, response) => {
    answers[Math.min(connection++, answers.length - 1)]?.(request, response);
  });
  servers.push(server);
  return server;
}

/** Follow a server's stream; what it tells is remembered. */
function follow(server: LoopbackServer, handlers: StreamHandlers = {}, timing = TIMING) {
  const states: StreamState[] = [];
  const closes: number[] = [];
  const client = new LiqbandsClient({ baseUrl: server.baseUrl, timing });
  const stream = client.stream(QUERY, {
    state: (state) => states.push(state),
    bar: (bar) => closes.push(bar.close),
    ...handlers,
  });
  opened.push(stream);
  return { stream, states, closes };
}

function begin(response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  return response;
}

const bar = (id: number, close: number) =>
  `id: ${id}\nevent: bar\ndata: {"t":60,"open":1,"high":1,"low":1,"close":${close},"volume":null,"closed":false}\n\n`;

/** Tell one bar, then hang up, or go on. */
const tells =
  (id: number, close: number, { hangsUp = false } = {}): Answerer =>
  (_, response) => {
    begin(response).write(bar(id, close));
    if (hangsUp) response.end();
  };

test('bars come with their open in milliseconds', async () => {
  const bars: unknown[] = [];
  follow(await serve(tells(1, 5)), { bar: (one) => bars.push(one) });
  await vi.waitFor(() => expect(bars).toHaveLength(1), SOON);
  expect(bars[0]).toMatchObject({ openTimeMs: 60_000, close: 5, volume: null, closed: false });
});

test('a stream that breaks off comes back and says what it heard last', async () => {
  const ids: (string | undefined)[] = [];
  const remember =
    (answer: Answerer): Answerer =>
    (request: IncomingMessage, response) => {
      ids.push(request.headers['last-event-id'] as string | undefined);
      answer(request, response);
    };
  const server = await serve(remember(tells(7, 1, { hangsUp: true })), remember(tells(8, 2)));
  const { states, closes } = follow(server);
  await vi.waitFor(() => expect(closes).toEqual([1, 2]), SOON);
  expect(ids).toEqual([undefined, '7']);
  expect(states).toEqual(['connecting', 'open', 'lost', 'open']);
});

test('a server that restarts is found again', async () => {
  const first = await serve(tells(1, 1));
  const { states, closes } = follow(first);
  await vi.waitFor(() => expect(closes).toEqual([1]), SOON);
  await first.close();
  await vi.waitFor(() => expect(states.at(-1)).toBe('lost'), SOON);
  servers.push(await listen(tells(2, 2), Number(new URL(first.baseUrl).port)));
  await vi.waitFor(() => expect(closes).toEqual([1, 2]), SOON);
});

test('a busy server is asked again no sooner than it says', async () => {
  const times: number[] = [];
  const busy: Answerer = (_, response) => {
    times.push(performance.now());
    response.setHeader('Retry-After', '0.2');
    sendJson(response, { title: 'Service Unavailable', status: 503, detail: 'full' }, 503);
  };
  const back: Answerer = (request, response) => {
    times.push(performance.now());
    tells(1, 1)(request, response);
  };
  const { closes } = follow(await serve(busy, back));
  await vi.waitFor(() => expect(closes).toEqual([1]), SOON);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(195);
});

test('a question that is wrong is not asked twice', async () => {
  const problems: string[] = [];
  const wrong: Answerer = (_, response) =>
    sendJson(response, { title: 'Not Found', status: 404, detail: 'no such symbol' }, 404);
  const server = await serve(wrong);
  const { states } = follow(server, { problem: (problem) => problems.push(problem.detail) });
  await vi.waitFor(() => expect(states).toEqual(['connecting', 'refused']), SOON);
  expect(problems).toEqual(['no such symbol']);
  expect(server.asked).toHaveLength(1);
});

test('a connection on which nothing is heard is given up', async () => {
  const server = await serve((_, response) => begin(response).flushHeaders(), tells(1, 1));
  const { states, closes } = follow(server, {}, { ...TIMING, silenceMs: 300 });
  await vi.waitFor(() => expect(closes).toContain(1), SOON);
  expect(states.slice(0, 4)).toEqual(['connecting', 'open', 'lost', 'open']);
});

test('too much missed is told, and the stream goes on', async () => {
  const reasons: string[] = [];
  const reload: Answerer = (_, response) =>
    begin(response).write(`event: reload\ndata: {"s":"reload","reason":"much"}\n\n${bar(3, 9)}`);
  const { closes } = follow(await serve(reload), { reload: (reason) => reasons.push(reason) });
  await vi.waitFor(() => expect(closes).toEqual([9]), SOON);
  expect(reasons).toEqual(['much']);
});

test('a closed stream hangs up and stays away', async () => {
  const server = await serve(tells(1, 1));
  const { stream, states, closes } = follow(server);
  await vi.waitFor(() => expect(closes).toEqual([1]), SOON);
  stream.close();
  await server.close();
  expect(states).toEqual(['connecting', 'open']);
});

test('who waits can be told to come back at once', async () => {
  const server = await serve(tells(1, 1, { hangsUp: true }), tells(2, 2));
  const client = new LiqbandsClient({
    baseUrl: server.baseUrl,
    timing: { ...TIMING, firstWaitMs: 60_000, lastWaitMs: 60_000 },
  });
  const states: StreamState[] = [];
  const stream = client.stream(QUERY, { state: (state) => states.push(state) });
  opened.push(stream);
  await vi.waitFor(() => expect(states.at(-1)).toBe('lost'), SOON);
  stream.retry();
  await vi.waitFor(() => expect(server.asked).toHaveLength(2), SOON);
});

test('a column is decoded from base64', async () => {
  const columns: unknown[] = [];
  const document = { s: 'ok', rev: 9, norm: 1, max: 2, unit: 'quote', rows: 3, p0: 1, dp: 0.1 };
  const rest = { t: 60, closed: true, split_row: 1, q: 'AAH/', stale: false, simulated: true };
  const says: Answerer = (_, response) =>
    begin(response).write(`event: column\ndata: ${JSON.stringify({ ...document, ...rest })}\n\n`);
  follow(await serve(says), { column: (column) => columns.push(column) });
  await vi.waitFor(() => expect(columns).toHaveLength(1), SOON);
  const expected = { openTimeMs: 60_000, asOfMs: 9, splitRow: 1, splitLong: null, live: false };
  expect(columns[0]).toMatchObject({ ...expected, cells: Uint8Array.of(0, 1, 255) });
});
