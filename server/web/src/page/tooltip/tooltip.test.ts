import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HeatmapCell } from '../../overlay';
import { about, band, mapAnswer, START_MS } from '../testing/samples';
import { tipPlace } from './card';
import { cellContent } from './cell-content';
import { tipLayers } from './layers';
import { blockOf, detailOf } from './moments';

const PIXELS = fc.integer({ min: 0, max: 1_000 });
const DRESS = { write: String, colours: () => ['blue', 'red'] };
const CELL: HeatmapCell = {
  openTimeMs: START_MS,
  closeTimeMs: START_MS + 60_000,
  isForming: false,
  column: 0,
  row: 0,
  low: 98,
  high: 99,
  notional: 6,
  resolution: 0,
  longNotional: 6,
  shortNotional: 0,
  side: 'long',
  mark: 100,
  seedShare: 0,
  unit: 'quote',
  about: about(),
};

test('a card stays inside, and never lies under the pointer', () => {
  fc.assert(
    fc.property(PIXELS, PIXELS, (x, y) => {
      const [left, top] = tipPlace([x, y], [248, 180], [1_000, 1_000]);
      expect(left).toBeGreaterThanOrEqual(8);
      expect(left + 248).toBeLessThanOrEqual(992);
      expect(top).toBeGreaterThanOrEqual(8);
      expect(top + 180).toBeLessThanOrEqual(992);
      expect(left > x || left + 248 < x).toBe(true);
    }),
  );
});

test('only layers that hold something have a line', () => {
  const lines = tipLayers(['1-5x', '5-10x', '10-25x'], [0, 50, 100], ['a', 'b', 'c'], String);
  expect(lines.map((line) => [line.label, line.share])).toEqual([
    ['5–10×', 0.5],
    ['10–25×', 1],
  ]);
});

test('a cell is explained by the rows of the book inside it, and the band around it', () => {
  const around = band({ low: 97, high: 98.6 });
  const detail = detailOf(mapAnswer(), [band({ low: 200, high: 300 }), around], CELL);
  expect(detail.layers).toEqual([4, 2]);
  expect(detail.band).toBe(around);
});

test('neighbouring cells share one question', () => {
  const row = (index: number) => ({
    low: Math.exp(index * 0.001),
    high: Math.exp((index + 1) * 0.001),
  });
  expect(blockOf(row(32 * 300))).toEqual(blockOf(row(32 * 300 + 31)));
  expect(blockOf(row(32 * 300))).not.toEqual(blockOf(row(32 * 300 + 32)));
  const { low, high } = blockOf(row(9_605));
  expect(low).toBeLessThan(row(9_605).low);
  expect(high).toBeGreaterThan(row(9_605).high);
});

test('a card says at once what the heatmap knows', () => {
  const content = cellContent(CELL, null, DRESS);
  expect(content.title).toBe('98.0000 – 99.0000');
  expect(content.rows).toContainEqual({ name: 'Longs', value: '6', kind: 'long' });
  expect(content.subtitle).toBe('−1.50%');
});

test('later it adds leverage, interval, age and the observed share', () => {
  const detail = detailOf(mapAnswer(), [band({ low: 97, high: 99 })], CELL);
  const content = cellContent(CELL, detail, DRESS);
  expect(content.rows.map((row) => row.name)).toEqual([
    'Longs',
    'Band around it',
    '80% interval',
    'Mean age',
  ]);
  expect(content.layers).toHaveLength(2);
  expect(content.note).toContain('100% observed');
});
