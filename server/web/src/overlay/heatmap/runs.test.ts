import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisOf, minutes, smallGrid } from '../testing/small-grid';
import { leadOf, RunCache, runsOf } from './runs';
import { HeatTile } from './tile';

const tileAt = (times: readonly number[], timeframeMs = 60_000) =>
  new HeatTile(smallGrid(times, 1, { timeframeMs }));

test('columns and bars that match are one run', () => {
  const runs = runsOf(tileAt(minutes(5, 2)), axisOf(minutes(10)));
  expect(runs).toEqual([{ column: 0, count: 5, index: 2, barsPerColumn: 1 }]);
});

test('a bar that is missing is passed over', () => {
  const bars = minutes(6).filter((time) => time !== 180_000);
  expect(runsOf(tileAt(minutes(6)), axisOf(bars))).toEqual([
    { column: 0, count: 3, index: 0, barsPerColumn: 1 },
    { column: 4, count: 2, index: 3, barsPerColumn: 1 },
  ]);
});

test('a column that is missing leaves its bar empty', () => {
  const columns = minutes(6).filter((time) => time !== 180_000);
  expect(runsOf(tileAt(columns), axisOf(minutes(6)))).toEqual([
    { column: 0, count: 3, index: 0, barsPerColumn: 1 },
    { column: 3, count: 2, index: 4, barsPerColumn: 1 },
  ]);
});

test('a coarser column is repeated over its bars', () => {
  const runs = runsOf(tileAt([0, 300_000], 300_000), axisOf(minutes(8)));
  expect(runs).toEqual([
    { column: 0, count: 1, index: 0, barsPerColumn: 5 },
    { column: 1, count: 1, index: 5, barsPerColumn: 3 },
  ]);
});

test('every bar has the column in force when it opens, or none', () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1 });
  fc.assert(
    fc.property(times, times, fc.integer({ min: 1, max: 5 }), (some, others, step) => {
      const bars = [...some].sort((a, b) => a - b).map((minute) => minute * 60_000);
      const starts = [...new Set(others.map((minute) => Math.floor(minute / step) * step))];
      const tile = tileAt(
        starts.sort((a, b) => a - b).map((minute) => minute * 60_000),
        step * 60_000,
      );
      const drawn = columnsOfBars(tile, bars);
      const expected = bars.map((bar) => {
        const column = tile.columnAt(bar);
        return column >= 0 && bar < tile.endOf(column) ? column : null;
      });
      expect(drawn).toEqual(expected);
    }),
  );
});

/** Return the column that is drawn on each bar. */
function columnsOfBars(tile: HeatTile, bars: readonly number[]): (number | null)[] {
  const drawn = bars.map((): number | null => null);
  for (const { column, count, index, barsPerColumn } of runsOf(tile, axisOf(bars))) {
    for (let bar = 0; bar < count * barsPerColumn; bar++) {
      expect(drawn[index + bar]).toBeNull();
      drawn[index + bar] = column + Math.floor(bar / barsPerColumn);
    }
  }
  return drawn;
}

test('the last column is stretched over the forming bar', () => {
  const runs = runsOf(tileAt(minutes(5)), axisOf(minutes(6)));
  expect(leadOf(runs, 6, 6)).toEqual({ column: 4, count: 1, index: 5, barsPerColumn: 1 });
});

test('a heatmap that ends long before the chart is not stretched', () => {
  expect(leadOf(runsOf(tileAt(minutes(5)), axisOf(minutes(9))), 9, 9)).toBeNull();
});

test('runs follow the bars when older ones are put before them', () => {
  const [tile, cache] = [tileAt(minutes(3, 5)), new RunCache()];
  expect(cache.get(tile, axisOf(minutes(4, 5)))).toMatchObject([{ index: 0 }]);
  expect(cache.get(tile, axisOf(minutes(9)))).toMatchObject([{ index: 5 }]);
});
