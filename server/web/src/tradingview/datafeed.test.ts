import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDatafeed } from './datafeed';
import { BarServer, SYMBOL } from './testing/bar-server';
import { forSeeds, marketOf, Random, START } from './testing/small-market';
import { SmallServer } from './testing/small-server';
import { Dataset, StrictLibrary } from './testing/strict-library';

const MINUTE = 60;

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

function charted(server: SmallServer, onReload?: () => void) {
  const options = { baseUrl: '', connection: server.connection() };
  const datafeed = createDatafeed(onReload ? { ...options, onReload } : options);
  return { library: new StrictLibrary(datafeed), dataset: new Dataset(SYMBOL, '1') };
}

function barServer(random: Random, count = random.whole(2, 40)): BarServer {
  const server = new BarServer(marketOf(random, count, MINUTE));
  vi.setSystemTime((server.chartBars.at(-1)?.time ?? 0) + 30_000);
  return server;
}

function allOf(server: BarServer) {
  const to = (server.chartBars.at(-1)?.time ?? 0) / 1000 + MINUTE;
  return { from: START, to, countBack: 2, firstDataRequest: true };
}

async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(100);
}

test('a chart gets all bars of the range and earlier ones until there are enough', () =>
  forSeeds(100, async (random) => {
    const server = barServer(random);
    const { library, dataset } = charted(server);
    const from = START + MINUTE * random.whole(-5, 45);
    const to = from + MINUTE * random.whole(0, 30);
    const countBack = random.whole(1, 40);
    await library.bars(dataset, { from, to, countBack, firstDataRequest: true });
    const before = server.chartBars.filter(({ time }) => time < to * 1000);
    const within = before.filter(({ time }) => time >= from * 1000).length;
    const count = Math.max(within, countBack, 2);
    expect(dataset.bars).toEqual(before.slice(Math.max(0, before.length - count)));
  }));

test('paging left reaches the first bar and then the end', () =>
  forSeeds(20, async (random) => {
    const server = barServer(random);
    const { library, dataset } = charted(server);
    let { to } = allOf(server);
    let isEnd = false;
    while (!isEnd) {
      const period = { from: to - 300, to, countBack: random.whole(1, 9), firstDataRequest: false };
      isEnd = (await library.bars(dataset, period)).noData ?? false;
      to = (dataset.bars[0]?.time ?? 0) / 1000;
    }
    expect(dataset.bars).toEqual(server.chartBars);
  }));

test('whatever happens to the connection, the chart ends with the bars of the server', () =>
  forSeeds(40, async (random) => {
    const server = barServer(random);
    const { library, dataset } = charted(server);
    await library.bars(dataset, allOf(server));
    const stop = library.subscribe(dataset);
    for (let step = 0; step < 30; step++) await disturb(server, random);
    server.isAway = false;
    server.drop();
    await settled();
    expect(dataset.bars).toEqual(server.chartBars);
    stop();
    library.verify();
  }));

async function disturb(server: BarServer, random: Random): Promise<void> {
  const deeds = [
    () => server.change(random),
    () => server.begin(random),
    () => {
      server.delayMs = random.whole(0, 90);
    },
    () => server.beginEarly(random),
    () => server.skip(random),
    () => server.tellLast(),
    () => server.tellLast(random.whole(0, 3)),
    () => server.drop(),
    () => {
      server.isAway = !server.isAway;
      if (server.isAway) server.drop();
    },
    settled,
  ];
  await random.one(deeds)();
  vi.setSystemTime((server.chartBars.at(-1)?.time ?? 0) + 30_000);
}

test('what the stream says while bars are fetched is newer than those', async () => {
  const server = barServer(new Random(9));
  const { library, dataset } = charted(server);
  await library.bars(dataset, allOf(server));
  server.delayMs = 50;
  library.subscribe(dataset);
  await vi.advanceTimersByTimeAsync(20);
  server.change(new Random(9));
  server.tellLast();
  await settled();
  expect(dataset.bars).toEqual(server.chartBars);
});

test('a bar that the stream never closes is fetched within seconds', async () => {
  const server = barServer(new Random(10));
  const { library, dataset } = charted(server);
  await library.bars(dataset, allOf(server));
  library.subscribe(dataset);
  await settled();
  server.change(new Random(10));
  server.begin(new Random(10), false);
  server.tellLast();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(dataset.bars).toEqual(server.chartBars);
});

test('a bar that is just being closed is waited for', async () => {
  const bars = marketOf(new Random(11), 9, MINUTE);
  let isClosing = false;
  const server = new BarServer(bars, (t) => !isClosing || t !== bars.at(-2)?.t);
  vi.setSystemTime((bars.at(-1)?.t ?? 0) * 1000 + 30_000);
  const { library, dataset } = charted(server);
  await library.bars(dataset, allOf(server));
  library.subscribe(dataset);
  await settled();
  server.change(new Random(11));
  server.begin(new Random(11), false);
  isClosing = true;
  server.tellLast();
  await vi.advanceTimersByTimeAsync(2_000);
  isClosing = false;
  server.tellLast(1);
  server.tellLast();
  await settled();
  expect(dataset.bars).toEqual(server.chartBars);
});

test('a listener is told nothing after it has left', async () => {
  const server = barServer(new Random(1));
  const { library, dataset } = charted(server);
  await library.bars(dataset, allOf(server));
  const stop = library.subscribe(dataset);
  await settled();
  stop();
  server.begin(new Random(2));
  server.tellLast();
  await settled();
  library.verify();
  expect(server.streams).toEqual([]);
});

test('a listener that leaves while bars are fetched for it is told nothing', async () => {
  const server = barServer(new Random(8));
  const { library, dataset } = charted(server);
  const stop = library.subscribe(dataset);
  for (let i = 0; i < 8; i++) await Promise.resolve();
  stop();
  await settled();
  library.verify();
  expect(server.asked.some((address) => address.includes('/history'))).toBe(true);
});

test('listeners to the same bars share a stream', async () => {
  const server = barServer(new Random(3));
  const { library } = charted(server);
  const stops = ['1', '1', '60'].map((resolution) =>
    library.subscribe(new Dataset(SYMBOL, resolution)),
  );
  await settled();
  expect(server.streams.toSorted()).toEqual(['SIMULATED:SIM 1h', 'SIMULATED:SIM 1m']);
  for (const stop of stops) stop();
  await settled();
  expect(server.streams).toEqual([]);
});

test('when too much was missed, the chart is told to forget and then to ask again', async () => {
  const server = barServer(new Random(4));
  const order: string[] = [];
  const { library, dataset } = charted(server, () => order.push(`reset ${dataset.resets}`));
  library.subscribe(dataset);
  await settled();
  server.tell('SIMULATED:SIM', 'reload', { s: 'reload', reason: 'too much' });
  await settled();
  expect(order).toEqual(['reset 1']);
});

test('a band symbol has no stream and is asked for instead', async () => {
  const server = barServer(new Random(5));
  const { library } = charted(server);
  const band = { ...SYMBOL, ticker: 'SIMULATED:SIM#B07' };
  const dataset = new Dataset(band, '1');
  const stop = library.subscribe(dataset);
  await vi.advanceTimersByTimeAsync(10_500);
  stop();
  expect(server.streams).toEqual([]);
  expect(server.asked.at(-1)).toContain('symbol=SIMULATED%3ASIM%23B07&resolution=1');
  expect(dataset.bars).toEqual(server.chartBars.slice(-2));
});

test('visible symbols are quoted every ten seconds and the others every minute', async () => {
  const { library } = charted(barServer(new Random(6)));
  const told: string[] = [];
  const stop = library.followQuotes(['A', 'B'], ['B'], (quotes) =>
    told.push(...quotes.map(({ n }) => n)),
  );
  await vi.advanceTimersByTimeAsync(60_500);
  stop();
  await vi.advanceTimersByTimeAsync(60_500);
  library.verify();
  expect(told.filter((name) => name === 'A')).toHaveLength(2);
  expect(told.filter((name) => name === 'B')).toHaveLength(7);
});

test('a server that is away leaves the chart a configuration, no hits and the time', async () => {
  const server = new SmallServer({});
  server.isAway = true;
  const { library, dataset } = charted(server);
  expect((await library.ready()).supported_resolutions).toContain('60');
  expect(await library.search('btc')).toEqual([]);
  expect(await library.marks(dataset)).toEqual([]);
  expect(await library.serverTime()).toBe(Math.floor(Date.now() / 1000));
});

test.each([
  ['an unknown symbol', 404, 'unknown_symbol'],
  ['another error', 503, 'the store does not answer'],
])('%s is refused in words that the chart knows', async (_, status, message) => {
  const refuse = () =>
    [status, { s: 'error', errmsg: 'the store does not answer' }] as [number, object];
  const { library } = charted(new SmallServer({ '/udf/symbols': refuse }));
  await expect(library.resolve('X')).rejects.toThrow(message);
});

test('bars that cannot be had are refused with the reason', async () => {
  const refuse = () =>
    [400, { s: 'error', errmsg: 'resolution must be one of' }] as [number, object];
  const { library, dataset } = charted(new SmallServer({ '/udf/history': refuse }));
  const period = { from: 0, to: 60, countBack: 2, firstDataRequest: true };
  await expect(library.bars(dataset, period)).rejects.toThrow('resolution must be one of');
});

test.each([1_735_516_800, 1_735_516_800_000])(
  'nextTime %d reaches the chart in ms',
  async (time) => {
    const answer = () => ({ s: 'no_data', nextTime: time });
    const { library, dataset } = charted(new SmallServer({ '/udf/history': answer }));
    const period = { from: START + 600, to: START + 900, countBack: 0, firstDataRequest: true };
    expect(await library.bars(dataset, period)).toEqual({ noData: true, nextTime: START * 1000 });
  },
);

test('each function of a datafeed may be called on its own', async () => {
  const server = barServer(new Random(7));
  const { getQuotes } = createDatafeed({ baseUrl: '', connection: server.connection() });
  const quotes = await new Promise((give) => getQuotes(['A'], give, give));
  expect(quotes).toHaveLength(1);
});
