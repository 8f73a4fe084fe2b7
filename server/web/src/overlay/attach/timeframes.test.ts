import { expect, test } from 'vitest';
import { lengthOf, tileTimes, timeframeOf } from './timeframes';

test.each([
  ['1m', 60_000],
  ['4h', 4 * 3_600_000],
  ['1w', 7 * 86_400_000],
])('bars of %s are told by how far they lie apart', (timeframe, step) => {
  const times = [0, 1, 2, 3, 9, 10, 11].map((bar) => bar * step);
  expect([timeframeOf(times), lengthOf(timeframe)]).toEqual([timeframe, step]);
});

test('months are told in spite of their lengths', () => {
  expect(timeframeOf([0, 1, 2, 3, 4].map((month) => Date.UTC(2026, month)))).toBe('1M');
});

test('an unknown timeframe is refused', () => {
  expect(() => lengthOf('7m')).toThrow('timeframe must be one of 1m, 3m');
});

test('tiles are 512 columns long, counted from 1970, newest first', () => {
  const length = 512 * 60_000;
  expect(tileTimes(length + 5, 2 * length, 60_000)).toEqual([
    { fromMs: 2 * length, toMs: 3 * length },
    { fromMs: length, toMs: 2 * length },
  ]);
});
