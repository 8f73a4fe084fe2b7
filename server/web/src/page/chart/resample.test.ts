import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lengthOf } from '../../overlay/attach/timeframes';
import { DAY_MS, HOUR_MS } from '../testing/samples';
import { mostBars, resampled, timeframeFor } from './resample';

const ALL = ['1m', '3m', '5m', '15m', '30m', '1h', '4h', '1d', '1w'];
const SPANS = fc.integer({ min: HOUR_MS, max: 400 * DAY_MS });

test('the shortest timeframe that fits is taken', () => {
  expect(timeframeFor(ALL, 7 * DAY_MS, 500)).toBe('30m');
  expect(timeframeFor(ALL, HOUR_MS, 500)).toBe('1m');
  expect(timeframeFor(['1h', '4h'], 3_000 * DAY_MS, 500)).toBe('4h');
});

test('what fits well stays', () => {
  fc.assert(
    fc.property(SPANS, (spanMs) => {
      const chosen = timeframeFor(ALL, spanMs, 400);
      expect(resampled(ALL, chosen, spanMs, 400)).toBe(chosen);
    }),
  );
});

test('zooming out and in again does not tremble between two timeframes', () => {
  const spanMs = 400 * 30 * 60_000;
  expect(resampled(ALL, '30m', spanMs * 1.2, 400)).toBe('30m');
  expect(resampled(ALL, '30m', spanMs * 2, 400)).toBe('1h');
  expect(resampled(ALL, '1h', spanMs * 1.2, 400)).toBe('1h');
});

test('after a zoom there are never far too many bars', () => {
  fc.assert(
    fc.property(SPANS, fc.constantFrom(...ALL), (spanMs, before) => {
      expect(spanMs / lengthOf(resampled(ALL, before, spanMs, 400))).toBeLessThanOrEqual(600);
    }),
  );
});

test('a phone tells fewer bars apart than a large screen', () => {
  expect(mostBars(320)).toBeLessThan(mostBars(1500));
  expect(mostBars(10_000)).toBe(500);
});
