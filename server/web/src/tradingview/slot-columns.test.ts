import { expect, test } from 'vitest';
import type { BandSlotsAnswer } from '../client';
import { SlotColumns } from './slot-columns';
import { type SlotCell, slotsOf, type SlotTable } from './testing/band-server';
import { forSeeds, marketOf } from './testing/small-market';

const MINUTE_MS = 60_000;

function answerOf(table: SlotTable, times: readonly number[]): BandSlotsAnswer {
  const slots = Array.from({ length: 32 }, (_, slot) => {
    const column = (name: 'low' | 'high' | 'level') =>
      times.map((t) => table.get(t)?.[slot]?.[name] ?? null);
    return { low: column('low'), high: column('high'), level: column('level') };
  });
  return { openTimeMs: times.map((t) => t * 1000), slots } as unknown as BandSlotsAnswer;
}

function valuesOf(cells: readonly SlotCell[]): number[] {
  const empty = [Number.NaN, Number.NaN, Number.NaN];
  return cells.flatMap((cell) => (cell ? [cell.low, cell.high, cell.level] : empty));
}

test('each bar shows its own column, in whatever parts and order they came', () =>
  forSeeds(50, (random) => {
    const table = slotsOf(random, marketOf(random, random.whole(1, 40), 60));
    const times = [...table.keys()];
    const columns = new SlotColumns(MINUTE_MS);
    const cut = random.whole(0, times.length);
    for (const part of [times.slice(cut), times.slice(0, cut)]) {
      columns.merge(answerOf(table, part));
    }
    for (const [t, cells] of table) expect(columns.at(t * 1000)).toEqual(valuesOf(cells));
  }));

test('a bar that forms shows the last column, and a bar long after it none', () => {
  const cells = new Array<SlotCell>(32).fill({ low: 1, high: 2, level: 5, side: 1 });
  const columns = new SlotColumns(MINUTE_MS);
  columns.merge(answerOf(new Map([[600, cells]]), [600]));
  expect(columns.at(660_000)).toEqual(valuesOf(cells));
  expect(columns.at(780_000)).toBeUndefined();
  expect(columns.at(599_999)).toBeUndefined();
});

test('what comes later replaces what is there', () => {
  const cell = (low: number): SlotCell => ({ low, high: low + 1, level: 0, side: 1 });
  const columns = new SlotColumns(MINUTE_MS);
  for (const low of [10, 20]) columns.merge(answerOf(new Map([[600, [cell(low)]]]), [600]));
  expect(columns.at(600_000)?.slice(0, 3)).toEqual([20, 21, 0]);
});
