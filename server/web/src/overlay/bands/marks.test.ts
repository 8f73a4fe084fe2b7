import { expect, test } from 'vitest';
import type { Band, Summary } from '../../client';
import { bandMarks, magnetMarks } from './marks';

const BAND: Band = {
  side: 'long',
  low: 95,
  high: 97,
  peakPrice: 96,
  notional: 12_345_678,
  notionalLow: 5e6,
  notionalHigh: 2e7,
  distance: -0.042,
  distanceAtr: 3,
  leverageNotional: { '1-5x': 2_345_678, '5-10x': 10_000_000 },
  meanAgeMs: 1,
  strength: 0.9,
  state: 'steady',
  firstSeenMs: 1_000_000,
};
const SHORT: Band = { ...BAND, side: 'short', peakPrice: 105, distance: 0.05 };

/** A summary with some clusters; the rest of it plays no part. */
const summaryOf = (clusters: Partial<Summary>) =>
  ({
    nearestLong: null,
    nearestShort: null,
    strongestLong: null,
    strongestShort: null,
    about: { unit: 'quote' },
    ...clusters,
  }) as Summary;

test('a label says notional, distance, leverage and age', () => {
  const [mark] = bandMarks([BAND], 1_000_000 + 52 * 3_600_000, 'quote', 5);
  expect(`${mark?.text} · ${mark?.detail}`).toBe('12.3M −4.2% · 5-10x 81% · 2d 4h');
});

test('only the strongest bands are drawn', () => {
  expect(bandMarks([BAND, SHORT], 0, 'quote', 1).map(({ side }) => side)).toEqual(['long']);
});

test('magnets are the nearest and the strongest cluster of each side', () => {
  const near = { ...SHORT, peakPrice: 101, distance: 0.01 };
  const summary = summaryOf({ nearestShort: near, strongestShort: SHORT });
  expect(magnetMarks(summary).map(({ price, detail }) => [price, detail])).toEqual([
    [101, 'nearest shorts'],
    [105, 'strongest shorts'],
  ]);
});

test('a cluster that is both is one magnet', () => {
  const marks = magnetMarks(summaryOf({ nearestLong: BAND, strongestLong: BAND }));
  expect(marks.map(({ detail }) => detail)).toEqual(['nearest, strongest longs']);
});

test('magnets keep their labels longer than bands', () => {
  const summary = summaryOf({ nearestLong: BAND, strongestLong: BAND });
  const [magnet, band] = [magnetMarks(summary)[0], bandMarks([SHORT], 0, 'quote', 1)[0]];
  expect(magnet?.priority).toBeGreaterThan(band?.priority ?? 0);
});
