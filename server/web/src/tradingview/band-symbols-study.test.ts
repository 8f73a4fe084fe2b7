import { expect, test } from 'vitest';
import { attachLiquidationBands } from './attach';
import { liquidationBandSymbolsStudy } from './band-symbols-study';
import type { ChartBar } from './datafeed-api';
import { BandServer, type SlotCell, slotsOf, type SlotTable } from './testing/band-server';
import { SYMBOL } from './testing/bar-server';
import { forSeeds, type MarketBar, marketOf, Random } from './testing/small-market';
import { StrictChart } from './testing/strict-chart';
import { STRICT_PINE, StrictStudy } from './testing/strict-study';

const TICKER = SYMBOL.ticker ?? '';

function chartBars(bars: readonly MarketBar[]): ChartBar[] {
  return bars.map(({ t, ...rest }) => ({ time: t * 1000, ...rest }));
}

/** Return the bars of the band symbols: where a slot is empty there is no bar. */
function symbolsOf(table: SlotTable): (ticker: string) => ChartBar[] | undefined {
  return (ticker) => {
    const slot = /^SIMULATED:SIM#B([01]\d)$/.exec(ticker)?.[1];
    if (slot === undefined) return undefined;
    return [...table].flatMap(([t, cells]) => bandBar(t, cells[Number(slot)] ?? null));
  };
}

function bandBar(t: number, cell: SlotCell): ChartBar[] {
  if (cell === null) return [];
  const middle = (cell.low + cell.high) / 2;
  const { low, high, level: volume } = cell;
  return [{ time: t * 1000, open: middle, high, low, close: middle, volume }];
}

function studyOf(bars: readonly MarketBar[], table: SlotTable, slots?: number): StrictStudy {
  const options = slots === undefined ? {} : { slots };
  const indicator = liquidationBandSymbolsStudy(STRICT_PINE, options);
  const shown = { ticker: TICKER, period: '1', bars: chartBars(bars) };
  return new StrictStudy(indicator, { ...shown, barsOf: symbolsOf(table) });
}

test('each slot goes from edge to edge of its symbol, and is empty where that has no bar', () =>
  forSeeds(8, (random) => {
    const bars = marketOf(random, random.whole(1, 30), 60);
    const table = slotsOf(random, bars);
    const study = studyOf(bars, table);
    for (let slot = 0; slot < 20; slot++) {
      const cells = bars.map(({ t }) => table.get(t)?.[slot]);
      const { low, high } = study.slot(slot);
      expect(low).toEqual(cells.map((cell) => cell?.low ?? Number.NaN));
      expect(high).toEqual(cells.map((cell) => cell?.high ?? Number.NaN));
    }
  }));

test('of two bands at a bar the one with more notional never has the weaker colour', () =>
  forSeeds(10, (random) => {
    const bars = marketOf(random, 5, 60);
    const table = slotsOf(random, bars);
    const [row, cells] = [studyOf(bars, table).rows.at(-1) ?? [], table.get(bars.at(-1)?.t ?? 0)];
    const known = (cells ?? [])
      .slice(0, 20)
      .flatMap((cell, slot) =>
        cell ? [{ notional: cell.level, colour: row[3 * slot + 2] ?? Number.NaN }] : [],
      );
    known.sort((a, b) => a.notional - b.notional);
    for (const [i, { colour }] of known.entries()) {
      expect(colour).toBeGreaterThanOrEqual(known[i - 1]?.colour ?? 0);
    }
  }));

test('a band alone has the strongest colour', () => {
  const bars = marketOf(new Random(1), 2, 60);
  const cell: SlotCell = { low: 90, high: 91, level: 3, side: 1 };
  const study = studyOf(bars, new Map(bars.map(({ t }) => [t, [cell]])), 1);
  expect(study.slot(0).level).toEqual([15, 15]);
});

test.each([0, 21, 1.5])('%d slots are refused', (slots) => {
  expect(() => liquidationBandSymbolsStudy(STRICT_PINE, { slots })).toThrow(
    `slots must be 1 to 20, was ${slots}`,
  );
});

test('it is brought onto a chart and taken away again', async () => {
  const bars = marketOf(new Random(2), 9, 60);
  const table = slotsOf(new Random(2), bars);
  const chart = new StrictChart({
    symbol: SYMBOL,
    resolution: '1',
    bars: chartBars(bars),
    indicators: [liquidationBandSymbolsStudy(STRICT_PINE)],
    barsOf: symbolsOf(table),
  });
  const options = { baseUrl: '', connection: new BandServer(table).connection() };
  const attached = await attachLiquidationBands(chart.api, { ...options, overlay: 'symbols' });
  expect(chart.study.rows).toHaveLength(9);
  await attached.close();
  expect(chart.studies.size).toBe(0);
});
