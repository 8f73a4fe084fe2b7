import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { attachLiquidationBands } from './attach';
import { BAND_STUDY, liquidationBandsStudy } from './band-study';
import { slotStoreOf } from './slot-store';
import { BandServer, slotsOf, type SlotTable } from './testing/band-server';
import { SYMBOL } from './testing/bar-server';
import { forSeeds, type MarketBar, marketOf, Random } from './testing/small-market';
import { PROVENANCE, SmallServer } from './testing/small-server';
import { StrictChart } from './testing/strict-chart';
import { STRICT_PINE, StrictStudy } from './testing/strict-study';

const TICKER = SYMBOL.ticker ?? '';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function chartBars(bars: readonly MarketBar[]) {
  return bars.map(({ t, ...rest }) => ({ time: t * 1000, ...rest }));
}

function chartOf(server: SmallServer, bars: readonly MarketBar[]) {
  vi.setSystemTime((bars.at(-1)?.t ?? 0) * 1000 + 30_000);
  const connection = server.connection();
  const indicators = [liquidationBandsStudy(STRICT_PINE, { baseUrl: '', connection })];
  const shown = { symbol: SYMBOL, resolution: '1', bars: chartBars(bars), indicators };
  const chart = new StrictChart(shown);
  const attach = () => attachLiquidationBands(chart.api, { baseUrl: '', connection });
  return { chart, attach, store: slotStoreOf(connection) };
}

function expectShown(study: StrictStudy, table: SlotTable, times: readonly number[]): void {
  for (let slot = 0; slot < 32; slot++) {
    const cells = times.map((t) => table.get(t)?.[slot]);
    const column = (name: 'low' | 'high' | 'level') =>
      cells.map((cell) => cell?.[name] ?? Number.NaN);
    expect(study.slot(slot)).toEqual({
      low: column('low'),
      high: column('high'),
      level: column('level'),
    });
  }
}

async function settled(ms = 100): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

test('the indicator shows what the server answers, at every bar and in every slot', () =>
  forSeeds(10, async (random) => {
    const bars = marketOf(random, random.whole(1, 60), 60);
    const table = slotsOf(random, bars);
    const { chart, attach } = chartOf(new BandServer(table), bars);
    const attached = await attach();
    await settled();
    expectShown(
      chart.study,
      table,
      bars.map(({ t }) => t),
    );
    await attached.close();
    expect(chart.studies.size).toBe(0);
  }));

test('bars that are loaded later get their bands, whatever parts they come in', () =>
  forSeeds(2, async (random) => {
    const bars = marketOf(random, 1_200, 60);
    const table = slotsOf(random, bars);
    const server = new BandServer(table);
    const { chart, attach } = chartOf(server, bars.slice(900));
    await attach();
    for (const first of [700, 650, 0]) {
      chart.show(SYMBOL, '1', chartBars(bars.slice(first)));
      await settled();
    }
    expectShown(
      chart.study,
      table,
      bars.map(({ t }) => t),
    );
    const asked = server.asked.filter((address) => address.includes('/bands'));
    expect(asked.length).toBeLessThan(8);
  }));

test('when slots have changed, the chart shows them', async () => {
  const random = new Random(1);
  const bars = marketOf(random, 30, 60);
  const table = slotsOf(random, bars);
  const server = new BandServer(table);
  const { chart, attach } = chartOf(server, bars);
  await attach();
  await settled();
  const last = bars.at(-1)?.t ?? 0;
  table.set(last, new Array(32).fill({ low: 90, high: 95, level: 15, side: 1 }));
  table.set(bars.at(-2)?.t ?? 0, new Array(32).fill(null));
  server.tell(TICKER, 'slots', { from: last * 1000 });
  await settled();
  expectShown(
    chart.study,
    table,
    bars.map(({ t }) => t),
  );
});

test('a new bar shows the bands of the last one until its own are there', async () => {
  const random = new Random(2);
  const bars = marketOf(random, 30, 60);
  const table = slotsOf(random, bars.slice(0, -1));
  const server = new BandServer(table);
  const { chart, attach } = chartOf(server, bars);
  await attach();
  await settled();
  const [before, now] = [chart.study.rows.at(-2), chart.study.rows.at(-1)];
  expect(now?.filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(30);
  expect(now).toEqual(before);
});

test('a market whose bands stand still is asked for ever more rarely', async () => {
  const random = new Random(3);
  const bars = marketOf(random, 40, 60);
  const server = new BandServer(slotsOf(random, bars.slice(0, 20)));
  const { chart, attach } = chartOf(server, bars);
  await attach();
  await settled();
  const questions = () => server.asked.filter((address) => address.includes('/bands')).length;
  const before = questions();
  for (let second = 0; second < 300; second++) {
    chart.study.calculate();
    await settled(1_000);
  }
  expect(questions() - before).toBeLessThan(11);
});

test('when too much was missed, everything is asked for again', async () => {
  const random = new Random(4);
  const bars = marketOf(random, 30, 60);
  const server = new BandServer(slotsOf(random, bars));
  const { chart, attach } = chartOf(server, bars);
  await attach();
  await settled();
  const before = chart.study.rows;
  server.tell(TICKER, 'reload', { s: 'reload', reason: 'too much' });
  await settled();
  expect(chart.study.rows).toEqual(before);
  expect(chart.study.calculations).toBeGreaterThan(3);
});

test('a server that is away is asked again until it answers', async () => {
  const random = new Random(5);
  const bars = marketOf(random, 30, 60);
  const table = slotsOf(random, bars);
  const server = new BandServer(table);
  server.isAway = true;
  const { chart, attach } = chartOf(server, bars);
  await attach();
  await settled(12_000);
  server.isAway = false;
  await settled(12_000);
  expectShown(
    chart.study,
    table,
    bars.map(({ t }) => t),
  );
});

test('a refusal is told once and not asked again', async () => {
  const problem = { title: 'Bad request', detail: 'k= is kept per venue', status: 400 };
  const server = new SmallServer({ '/api/v1/bands': () => [400, problem] });
  const { chart, store } = chartOf(server, marketOf(new Random(6), 9, 60));
  const told: string[] = [];
  store.listen({ onChange: () => undefined, onProblem: ({ message }) => told.push(message) });
  await chart.api.createStudy(BAND_STUDY, true, false, {}, {});
  for (let i = 0; i < 5; i++) {
    chart.study.calculate();
    await settled(9_000);
  }
  expect(told).toEqual(['k= is kept per venue']);
});

test('numbers of revisions go on over a new page, so that a saved one is never met again', async () => {
  const bars = marketOf(new Random(7), 9, 60);
  const { attach, store } = chartOf(new BandServer(slotsOf(new Random(7), bars)), bars);
  await attach();
  await settled();
  expect(store.revision).toBeGreaterThanOrEqual((bars.at(-1)?.t ?? 0) * 1000);
});

test('an indicator that a saved layout brought along is used again', async () => {
  const bars = marketOf(new Random(8), 9, 60);
  const { chart, attach } = chartOf(new BandServer(slotsOf(new Random(8), bars)), bars);
  await chart.api.createStudy(BAND_STUDY, true, false, {}, {});
  await attach();
  expect(chart.studies.size).toBe(1);
});

test('an indicator that the user has removed is left alone', async () => {
  const bars = marketOf(new Random(9), 9, 60);
  const { chart, attach } = chartOf(new BandServer(slotsOf(new Random(9), bars)), bars);
  const attached = await attach();
  for (const { id } of chart.api.getAllStudies()) chart.api.removeEntity(id);
  await settled();
  await attached.close();
});

test.each([
  ['15S', SYMBOL],
  ['1', { ...SYMBOL, ticker: `${TICKER}#B07` }],
])('bars of %s, or of a band, have no bands', async (resolution, symbol) => {
  const server = new SmallServer({ '/api/v1/bands': () => PROVENANCE });
  const { chart, attach } = chartOf(server, []);
  await attach();
  chart.show(symbol, resolution, chartBars(marketOf(new Random(10), 5, 60)));
  await settled();
  expect(server.asked).toEqual([]);
  expect(chart.study.rows.flat().every(Number.isNaN)).toBe(true);
});
