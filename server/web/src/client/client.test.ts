import { afterEach, expect, test } from 'vitest';
import { LiqbandsClient } from './client';
import { ProblemError } from './problem';
import { listen, type LoopbackServer, sendJson } from './testing/loopback-server';

let server: LoopbackServer;

afterEach(() => server.close());

/** Return a client of a server that answers everything with one document. */
async function clientOf(document: unknown, status = 200): Promise<LiqbandsClient> {
  server = await listen((_, response) => sendJson(response, document, status));
  return new LiqbandsClient({ baseUrl: server.baseUrl });
}

const PROVENANCE = {
  as_of: 7,
  venues: [{ venue: 'bybit', symbol: 'BYBIT:X.P', last_close: 5, age_ms: 2, stale: true }],
  stale: true,
  simulated: false,
  unit: 'quote',
  quantity: 'standing',
  observed_share: 0.5,
  seed_share: 0,
  parameters: 'p',
  input_hash: 'h',
};
const BAND = {
  side: 'long',
  low: 1,
  high: 2,
  peak_price: 1.5,
  leverage_notional: { '1-5x': 3, '100x+': 0 },
  first_seen_ms: 9,
  distance_atr: null,
};

test('bands keep the names of their leverage layers', async () => {
  const client = await clientOf({ time: 6, mark: 3, bands: [BAND], provenance: PROVENANCE });
  const answer = await client.bands({ symbol: 'X', limit: 1 });
  expect(answer).toMatchObject({ timeMs: 6, mark: 3, about: { asOfMs: 7, observedShare: 0.5 } });
  expect(answer.bands[0]).toMatchObject({
    peakPrice: 1.5,
    leverageNotional: { '1-5x': 3, '100x+': 0 },
    firstSeenMs: 9,
    distanceAtr: null,
  });
  expect(server.asked).toEqual(['/api/v1/bands?limit=1&symbol=X']);
});

test('bands through time have their slots, and times in milliseconds', async () => {
  const slot = { low: [1, null], high: [2, null], peak_price: [1.5, null] };
  const document = { symbol: 'X', timeframe: '1h', k: 20, levels: 16, t: [60, 120], slots: [slot] };
  const client = await clientOf({ ...document, provenance: PROVENANCE });
  const answer = await client.bandSlots({ symbol: 'X', slots: 20 });
  expect(answer).toMatchObject({ levels: 16, openTimeMs: [60_000, 120_000] });
  expect(answer.slots[0]?.peakPrice).toEqual([1.5, null]);
});

test('bars say what is unknown', async () => {
  const bar = { t: 60_000, open: 1, high: 2, low: 1, close: 2, volume: null, taker_buy_volume: 4 };
  const client = await clientOf({ quote: 'USDT', bars: [bar], provenance: PROVENANCE });
  const bars = await client.bars('X', '1h', { countback: 1 });
  expect(bars[0]).toMatchObject({ openTimeMs: 60_000, volume: null, takerBuyVolume: 4 });
});

test('the events that follow are found by their offset', async () => {
  const next = '/api/v1/liquidations?symbol=X&limit=3&offset=6';
  const event = { time: 8, symbol: 'X', side: 'short', price: 1, contracts: 2, notional: 3 };
  const client = await clientOf({
    total: 9,
    events: [event],
    bars: [],
    next,
    provenance: PROVENANCE,
  });
  const answer = await client.liquidations({ symbol: 'X', limit: 3 });
  expect(answer).toMatchObject({ total: 9, nextOffset: 6, events: [{ timeMs: 8, notional: 3 }] });
});

test('listings tell which venues stand behind them', async () => {
  const listing = { symbol: 'X', first_open: 4, venues: PROVENANCE.venues, timeframes: ['1h'] };
  const client = await clientOf({ as_of: 1, symbols: [listing] });
  const [found] = await client.symbols();
  expect(found).toMatchObject({
    firstOpenMs: 4,
    venues: [{ ticker: 'BYBIT:X.P', lastCloseMs: 5 }],
  });
});

test('a refusal says which parameter is wrong', async () => {
  const problem = {
    title: 'Bad Request',
    status: 400,
    detail: 'too many',
    parameter: 'bins',
    value: '9',
  };
  const client = await clientOf(problem, 400);
  const refused = client.map({ symbol: 'X', rows: 9 });
  await expect(refused).rejects.toBeInstanceOf(ProblemError);
  await expect(refused).rejects.toMatchObject({ parameter: 'bins', value: '9' });
});

test('an answer of somebody in between is a problem as well', async () => {
  server = await listen((_, response) => response.writeHead(502).end('<h1>Bad gateway</h1>'));
  const client = new LiqbandsClient({ baseUrl: server.baseUrl });
  await expect(client.symbols()).rejects.toMatchObject({
    status: 502,
    detail: '<h1>Bad gateway</h1>',
  });
});

test('a request that is no longer wanted ends', async () => {
  server = await listen(() => undefined);
  const stop = new AbortController();
  const client = new LiqbandsClient({ baseUrl: server.baseUrl });
  const asked = client.symbols({ signal: stop.signal });
  stop.abort(new Error('moved on'));
  await expect(asked).rejects.toThrow('moved on');
});

test('levels are asked for by their symbols', async () => {
  server = await listen((_, response) => response.end('LH1|…'));
  const client = new LiqbandsClient({ baseUrl: server.baseUrl });
  expect(await client.pineLevels(['A', 'B'], 5)).toBe('LH1|…');
  expect(server.asked).toEqual(['/pine/levels.txt?bands=5&symbols=A%2CB']);
});
