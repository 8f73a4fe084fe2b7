import { expect, test } from 'vitest';
import { minutes, smallColumn, smallGrid } from '../testing/small-grid';
import { pixelsOf } from './bitmap';
import { HeatTile } from './tile';

/** A table whose colours are the bytes, told apart by their scale. */
const lookUp = (max: number) => Uint32Array.from({ length: 256 }, (_, q) => max * 1000 + q);

test('the highest row is on top, the first column on the left', () => {
  const tile = new HeatTile(smallGrid(minutes(2), 3, { cells: Uint8Array.of(1, 2, 3, 4, 5, 6) }));
  const colors = [...pixelsOf(tile, 0, 2, lookUp)].map((color) => color % 1000);
  expect(colors).toEqual([3, 6, 2, 5, 1, 4]);
});

test('a column of another scale has the colours of its own scale', () => {
  const tile = new HeatTile(smallGrid(minutes(2), 4));
  tile.put(smallColumn(60_000, { norm: 11, max: 2048 }));
  const top = [...pixelsOf(tile, 0, 2, lookUp)].slice(0, 2);
  expect(top).toEqual([1024 * 1000 + 51, 2048 * 1000 + 4]);
});
