import { beforeAll, describe, expect, test } from 'vitest';
import { CountingContext, installCanvases } from '../testing/counting-canvas';
import { axisOf, minutes, smallColumn, smallGrid, viewOf } from '../testing/small-grid';
import { HEATMAP_OPTIONS } from './options';
import { TILE_COLUMNS } from './tile';
import { Tiles } from './tiles';

beforeAll(installCanvases);

/** Return tiles that show some heatmaps. */
function tilesOf(...grids: Parameters<Tiles['set']>[0]): Tiles {
  const tiles = new Tiles(HEATMAP_OPTIONS);
  tiles.set(grids);
  return tiles;
}

/** Return the first source column and the number of columns of every picture drawn. */
function drawn(tiles: Tiles, barCount: number, barWidth = 1): number[][] {
  const context = new CountingContext();
  const view = viewOf({ width: barCount * barWidth, barWidth });
  tiles.paint(context, view, axisOf(minutes(barCount)), null);
  return context.drawn.map(({ source, target }) => [target[0], source[2]]);
}

test('tiles are drawn in order of time, one picture each', () => {
  const tiles = tilesOf(smallGrid(minutes(10, 10)));
  tiles.add(smallGrid(minutes(10)));
  expect(drawn(tiles, 20)).toEqual([
    [0, 10],
    [10, 10],
  ]);
});

test('tiles out of sight are not drawn', () => {
  const tiles = tilesOf(
    smallGrid(minutes(10)),
    smallGrid(minutes(10, 10)),
    smallGrid(minutes(10, 20)),
  );
  const context = new CountingContext();
  const view = viewOf({ width: 50, firstBar: 12, barWidth: 10 });
  tiles.paint(context, view, axisOf(minutes(30)), null);
  expect(context.drawn.map(({ source }) => source[0])).toEqual([2]);
});

test('a newer tile takes over from where it begins', () => {
  const tiles = tilesOf(smallGrid(minutes(10)));
  tiles.add(smallGrid(minutes(10, 6)));
  expect(drawn(tiles, 16)).toEqual([
    [0, 6],
    [6, 10],
  ]);
});

describe('a column', () => {
  test('is drawn as soon as it comes', () => {
    const tiles = tilesOf(smallGrid(minutes(10)));
    expect(tiles.put(smallColumn(600_000))).toBe(true);
    expect(drawn(tiles, 11)).toEqual([[0, 11]]);
  });

  test('begins a tile where the last one is full', () => {
    const tiles = tilesOf(smallGrid(minutes(TILE_COLUMNS)));
    expect(tiles.put(smallColumn(TILE_COLUMNS * 60_000))).toBe(true);
    expect(drawn(tiles, TILE_COLUMNS + 1)).toEqual([
      [0, TILE_COLUMNS],
      [TILE_COLUMNS, 1],
    ]);
  });

  test('on other rows does not fit', () => {
    expect(tilesOf(smallGrid(minutes(3))).put(smallColumn(180_000, { dp: 0.02 }))).toBe(false);
  });

  test('has no place where nothing is shown', () => {
    expect(tilesOf().put(smallColumn(0))).toBe(false);
  });
});

describe('the range of its own accord', () => {
  test('follows the first tile', () => {
    expect(tilesOf(smallGrid(minutes(3))).range()).toEqual({ low: 0, high: expect.closeTo(40.96) });
  });

  test('stays while columns keep their scale', () => {
    const tiles = tilesOf(smallGrid(minutes(3)));
    tiles.put(smallColumn(180_000, { cells: new Uint8Array(4).fill(255) }));
    expect(tiles.range().high).toBeCloseTo(40.96);
  });

  test('follows when the scale changes', () => {
    const tiles = tilesOf(smallGrid(minutes(3)));
    tiles.put(smallColumn(180_000, { max: 4096, cells: new Uint8Array(4).fill(255) }));
    expect(tiles.range().high).toBeCloseTo(4096);
  });

  test('gives way to one that is set', () => {
    const tiles = tilesOf(smallGrid(minutes(3)));
    tiles.style({ ...HEATMAP_OPTIONS, range: { low: 5, high: 6 } });
    expect(tiles.range()).toEqual({ low: 5, high: 6 });
  });
});
