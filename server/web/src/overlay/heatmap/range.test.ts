import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minutes, smallColumn, smallGrid } from '../testing/small-grid';
import { rangeOf } from './range';
import { HeatTile } from './tile';

test('one outlier does not turn the rest dark', () => {
  const cells = new Uint8Array(1_000).fill(51);
  cells[500] = 255;
  const range = rangeOf(new HeatTile(smallGrid(minutes(10), 100, { cells })));
  expect(range).toEqual({ low: 0, high: expect.closeTo(0.04 * 1024) });
});

test('empty cells do not count', () => {
  const cells = new Uint8Array(1_000);
  cells.fill(102, 0, 10);
  const range = rangeOf(new HeatTile(smallGrid(minutes(10), 100, { cells })));
  expect(range.high).toBeCloseTo(0.16 * 1024);
});

test('columns of different scales count by their notional', () => {
  const tile = new HeatTile(smallGrid(minutes(2), 4, { q: 255 }));
  tile.put(smallColumn(60_000, { max: 4096, cells: new Uint8Array(4).fill(127) }));
  // Byte 255 of 1024 is byte 127 of 4096, and 4096 * (127 / 255)^2 is 1015.98.
  expect(rangeOf(tile).high).toBeCloseTo(1015.98, 2);
});

test('at most one cell in two hundred lies above the range', () => {
  const bytes = fc.uint8Array({ minLength: 400, maxLength: 400 });
  fc.assert(
    fc.property(bytes, (cells) => {
      const tile = new HeatTile(smallGrid(minutes(4), 100, { cells: new Uint8Array(cells) }));
      const { high } = rangeOf(tile);
      const standing = cells.filter((q) => q > 0).length;
      const above = cells.filter((q) => 1024 * (q / 255) ** 2 > high * (1 + 1e-9)).length;
      expect(above).toBeLessThanOrEqual(standing / 200);
    }),
  );
});
