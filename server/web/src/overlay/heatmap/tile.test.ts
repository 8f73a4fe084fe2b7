import { describe, expect, test } from 'vitest';
import { minutes, smallColumn, smallGrid } from '../testing/small-grid';
import { cellOf } from './cell';
import { HeatTile, TILE_COLUMNS } from './tile';

/** Bytes of a column. */
const bytesOf = (tile: HeatTile, column: number) => [
  ...tile.cells.subarray(column * tile.rows, (column + 1) * tile.rows),
];

describe('a column that comes by stream', () => {
  test('replaces the one of the same open time', () => {
    const tile = new HeatTile(smallGrid(minutes(3)));
    expect(tile.put(smallColumn(60_000))).toBe(1);
    expect([tile.columns, bytesOf(tile, 1), bytesOf(tile, 2)]).toEqual([
      3,
      [1, 2, 3, 4],
      [51, 51, 51, 51],
    ]);
  });

  test('is appended where it is newer, even after a gap', () => {
    const tile = new HeatTile(smallGrid(minutes(3)));
    expect(tile.put(smallColumn(600_000, { closed: false }))).toBe(3);
    expect([tile.columns, tile.lastMs, tile.lastIsForming]).toEqual([4, 600_000, true]);
  });

  test('keeps its own scale', () => {
    const tile = new HeatTile(smallGrid(minutes(2)));
    tile.put(smallColumn(60_000, { norm: 20, max: 2 ** 20, cells: Uint8Array.of(51, 0, 0, 0) }));
    // (51 / 255)^2 is 0.04.
    expect([tile.notional(0, 0), tile.notional(1, 0)]).toEqual([
      expect.closeTo(0.04 * 1024),
      expect.closeTo(0.04 * 2 ** 20),
    ]);
  });

  test('may begin at another row of the same grid', () => {
    const tile = new HeatTile(smallGrid(minutes(2)));
    const above = { p0: 100 * Math.exp(0.02), splitRow: 1 };
    tile.put(smallColumn(60_000, above));
    expect(bytesOf(tile, 1)).toEqual([0, 0, 1, 2]);
    expect(tile.columnFacts(1).splitRow).toBe(3);
  });

  test.each([
    ['rows of another height', smallColumn(60_000, { dp: 0.02 })],
    ['rows between those of the tile', smallColumn(60_000, { p0: 100 * Math.exp(0.005) })],
    ['a time in a gap', smallColumn(30_000)],
    ['a time before the tile', smallColumn(-60_000)],
  ])('is refused with %s', (_, column) => {
    const tile = new HeatTile(smallGrid(minutes(2)));
    expect(tile.put(column)).toBeNull();
    expect(bytesOf(tile, 1)).toEqual([51, 51, 51, 51]);
  });

  test('is refused where no room is left', () => {
    const tile = new HeatTile(smallGrid(minutes(TILE_COLUMNS)));
    expect(tile.put(smallColumn(TILE_COLUMNS * 60_000))).toBeNull();
  });
});

test('a tile copies its grid', () => {
  const grid = smallGrid(minutes(2));
  new HeatTile(grid).put(smallColumn(0));
  expect(grid.cells).toEqual(new Uint8Array(8).fill(51));
});

test('a column is in force until the next one, or as long as it is where there is a gap', () => {
  const tile = new HeatTile(smallGrid([0, 60_000, 300_000]));
  expect([0, 1, 2].map((column) => tile.endOf(column))).toEqual([60_000, 120_000, 360_000]);
});

test('a month ends where the next one begins', () => {
  const months = [Date.UTC(2026, 0), Date.UTC(2026, 1), Date.UTC(2026, 2)];
  const tile = new HeatTile(smallGrid(months, 4, { timeframeMs: 30 * 86_400_000 }));
  expect([tile.endOf(0), tile.endOf(1)]).toEqual(months.slice(1));
});

test('columns from a time on can be left out', () => {
  const tile = new HeatTile(smallGrid(minutes(5)));
  tile.cutFrom(120_000);
  expect([tile.columns, tile.lastMs]).toEqual([2, 60_000]);
});

describe('a cell', () => {
  const grid = smallGrid(minutes(2), 4, { splitLong: Uint8Array.of(25, 25) });
  const at = (timeMs: number, price: number) => cellOf(new HeatTile(grid), timeMs, price);

  test('is long below the mark and short above it', () => {
    expect([at(0, 100.5), at(0, 103)]).toMatchObject([
      { row: 0, side: 'long', shortNotional: 0 },
      { row: 2, side: 'short', longNotional: 0 },
    ]);
  });

  test('of the mark is both', () => {
    const long = 1024 * (25 / 255) ** 2;
    const both = 1024 * 0.04;
    expect(at(0, 101.5)).toMatchObject({
      side: 'both',
      longNotional: expect.closeTo(long),
      shortNotional: expect.closeTo(both - long),
    });
  });

  test('of the mark does not guess what a stream has not said', () => {
    const tile = new HeatTile(grid);
    tile.put(smallColumn(60_000));
    expect(cellOf(tile, 60_000, 101.5)).toMatchObject({ longNotional: null, mark: null });
  });

  test('has the edges of its row, and says how exact it is', () => {
    expect(at(60_000, 100.5)).toMatchObject({
      low: expect.closeTo(100),
      high: expect.closeTo(100 * Math.exp(0.01)),
      resolution: expect.closeTo((1024 * 103) / 65025),
      closeTimeMs: 120_000,
    });
  });

  test('is none outside the rows, before the first and after the last column', () => {
    expect([at(0, 99.9), at(0, 104.1), at(-1, 101), at(120_000, 101)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
