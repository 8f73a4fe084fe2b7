/**
 * The TradingView adapter against the real server: a strict fake of the chart library gets the bars
 * of `/udf/history`, live bars, and the bands of `/api/v1/bands`.
 */
import { expect, test, vi } from 'vitest';
import { attachLiquidationBands } from '../../src/tradingview/attach';
import { liquidationBandsStudy } from '../../src/tradingview/band-study';
import { liquidationBandSymbolsStudy } from '../../src/tradingview/band-symbols-study';
import { connectionTo } from '../../src/tradingview/connection';
import { createDatafeed } from '../../src/tradingview/datafeed';
import type { ChartBar } from '../../src/tradingview/datafeed-api';
import { slotStoreOf } from '../../src/tradingview/slot-store';
import { StrictChart } from '../../src/tradingview/testing/strict-chart';
import { Dataset, StrictLibrary } from '../../src/tradingview/testing/strict-library';
import { STRICT_PINE, StrictStudy } from '../../src/tradingview/testing/strict-study';
import { advance, ask, serverUrl } from './market';

const SYMBOL = 'SIMULATED:SIMUSDT.P';
const OPTIONS = { baseUrl: serverUrl };
const ALL = 4_000_000_000;

const library = new StrictLibrary(createDatafeed(OPTIONS));

/** Return what the datafeed gives a chart, from the very first bar or so many last ones. */
async function charted(resolution: string, name = SYMBOL, last?: number): Promise<Dataset> {
  const dataset = new Dataset(await library.resolve(name), resolution);
  const now = Math.ceil(Date.now() / 1000) + 86_400;
  const period = { from: last ? now : 0, to: now, countBack: last ?? 2, firstDataRequest: true };
  await library.bars(dataset, period);
  return dataset;
}

async function served(resolution: string, symbol = SYMBOL): Promise<ChartBar[]> {
  const question = new URLSearchParams({ symbol, resolution, from: '0', to: String(ALL) });
  const { t, o, h, l, c, v } = await ask<Record<string, number[]>>(`/udf/history?${question}`);
  return (t ?? []).map((time, i) => {
    const [open, high, low, close, volume] = [o, h, l, c, v].map((column) => column?.[i]);
    return { time: time * 1000, open, high, low, close, volume } as ChartBar;
  });
}

/** What `/bands` says of slots: the numbers of each at each bar. */
interface Slots {
  t: number[];
  slots: Record<'low' | 'high' | 'level', (number | null)[]>[];
}

function slotsServed(k: number, timeframe: string): Promise<Slots> {
  const question = new URLSearchParams({ symbol: SYMBOL, k: String(k), timeframe, columns: '300' });
  return ask<Slots>(`/api/v1/bands?${question}`);
}

/** Try again until nothing is wrong; what is compared comes over the network. */
function eventually(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 12_000, interval: 50 });
}

function chartOf({ symbol, resolution, bars }: Dataset): StrictChart {
  const indicators = [liquidationBandsStudy(STRICT_PINE, OPTIONS)];
  return new StrictChart({ symbol, resolution, bars, indicators });
}

/** Compare a study with an answer, bar by bar; return how many cells were filled. */
function filledCells(study: StrictStudy, times: readonly number[], { t, slots }: Slots): number {
  const places = new Map(t.map((time, i) => [time * 1000, i]));
  let filled = 0;
  for (const [slot, { low, high, level }] of slots.entries()) {
    const shown = study.slot(slot);
    for (const [bar, time] of times.entries()) {
      const i = places.get(time);
      if (i === undefined) continue;
      const value = { low: shown.low[bar], high: shown.high[bar], level: shown.level[bar] };
      const wanted = { low: low[i] ?? NaN, high: high[i] ?? NaN, level: level[i] ?? NaN };
      expect(value).toEqual(wanted);
      if (low[i] !== null) filled += 1;
    }
  }
  return filled;
}

test.each(['1', '15', '60', '1D'])('bars of %s are those of /udf/history', async (resolution) => {
  const { bars } = await charted(resolution);
  expect(bars.length).toBeGreaterThan(2);
  expect(bars).toEqual(await served(resolution));
});

test('paging left ends at the first bar', async () => {
  const dataset = await charted('15', SYMBOL, 100);
  let isEnd = false;
  while (!isEnd) {
    const to = (dataset.bars[0]?.time ?? 0) / 1000;
    const period = { from: to - 90_000, to, countBack: 90, firstDataRequest: false };
    isEnd = (await library.bars(dataset, period)).noData ?? false;
  }
  expect(dataset.bars).toEqual(await served('15'));
});

test('everything else that a chart asks is answered as documented', async () => {
  expect((await library.ready()).supported_resolutions).toContain('240');
  const found = await library.search('SIM');
  expect(found.map(({ ticker }) => ticker)).toContain(SYMBOL);
  await expect(library.resolve('NO:SUCH')).rejects.toThrow('unknown_symbol');
  const dataset = await charted('1');
  expect((await library.marks(dataset)).length).toBeGreaterThan(0);
  expect((await library.timescaleMarks(dataset)).length).toBeGreaterThan(0);
  expect(await library.serverTime()).toBeGreaterThan(1_700_000_000);
  const [quote] = await library.quotes([SYMBOL]);
  expect(quote?.v['lp']).toBe(dataset.bars.at(-1)?.close);
  library.verify();
});

test('live bars arrive in order, and the chart has what the server has', async () => {
  const dataset = await charted('1');
  const before = dataset.bars.length;
  const stop = library.subscribe(dataset);
  let ticks = 0;
  dataset.onTick = () => {
    ticks += 1;
  };
  await eventually(() => expect(ticks).toBeGreaterThan(0));
  await advance(150);
  await eventually(async () => expect(dataset.bars).toEqual(await served('1')));
  stop();
  library.verify();
  expect(dataset.bars.length).toBeGreaterThanOrEqual(before + 2);
  expect(ticks).toBeGreaterThan(3);
});

test.each([
  ['15', '15m'],
  ['60', '1h'],
])('the indicator shows the slots of /bands at bars of %s', async (resolution, timeframe) => {
  const dataset = await charted(resolution);
  const chart = chartOf(dataset);
  const attached = await attachLiquidationBands(chart.api, OPTIONS);
  const isShown = async () => {
    const { bars } = await charted(resolution);
    chart.show(dataset.symbol, resolution, bars);
    const times = bars.map(({ time }) => time);
    const filled = filledCells(chart.study, times, await slotsServed(32, timeframe));
    expect(filled).toBeGreaterThan(100);
  };
  await eventually(isShown);
  await advance(1_000, 25);
  await eventually(isShown);
  await attached.close();
});

/** One moment's bars and slots: the server's processes hear of a new bar one after the other. */
async function symbolsShowSlots(): Promise<void> {
  const { bars } = await charted('60');
  const tickers = Array.from(
    { length: 20 },
    (_, slot) => `${SYMBOL}#B${`${slot}`.padStart(2, '0')}`,
  );
  const bands = new Map<string, ChartBar[]>();
  for (const ticker of tickers) bands.set(ticker, (await charted('60', ticker)).bars);
  const shown = { ticker: SYMBOL, period: '60', bars };
  const indicator = liquidationBandSymbolsStudy(STRICT_PINE);
  const study = new StrictStudy(indicator, { ...shown, barsOf: (ticker) => bands.get(ticker) });
  const { t, slots } = await slotsServed(20, '1h');
  for (const [slot, { low, high }] of slots.entries()) {
    const places = t.map((time) => bars.findIndex((bar) => bar.time === time * 1000));
    expect(places.map((at) => study.slot(slot).low[at])).toEqual(low.map((one) => one ?? NaN));
    expect(places.map((at) => study.slot(slot).high[at])).toEqual(high.map((one) => one ?? NaN));
  }
}

test('the indicator without code shows the slots of the band symbols', () =>
  eventually(symbolsShowSlots));

test('the rectangles are the strongest bands', async () => {
  const chart = chartOf(await charted('15'));
  const rectangles = 5;
  const attached = await attachLiquidationBands(chart.api, { ...OPTIONS, rectangles });
  await eventually(() => expect(chart.shapes).toHaveLength(rectangles));
  const answer = await ask<{ bands: { low: number; high: number }[] }>(
    `/api/v1/bands?symbol=${SYMBOL}&limit=${rectangles}`,
  );
  const edges = chart.shapes.map(({ points }) => points.map(({ price }) => price));
  expect(edges).toEqual(answer.bands.map(({ low, high }) => [low, high]));
  await attached.close();
  expect(chart.shapes).toEqual([]);
  slotStoreOf(connectionTo(OPTIONS)).close();
});
