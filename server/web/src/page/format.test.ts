import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatAge,
  formatChange,
  formatCompact,
  formatLeverage,
  formatNotional,
  formatPrice,
  formatRate,
  formatShare,
  formatShortTime,
  formatTime,
  priceDecimals,
} from './format';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './testing/samples';

test.each([
  [0, '0'],
  [7, '7.00'],
  [999.4, '999'],
  [999.6, '1.00K'],
  [1_234_567, '1.23M'],
  [12_345_678, '12.3M'],
  [-51_577_311, '−51.6M'],
  [3.28e9, '3.28B'],
  [2e15, '2.00e+15'],
])('%d is written %s', (value, text) => {
  expect(formatCompact(value)).toBe(text);
});

test('a number in short is right to three digits', () => {
  const steps: Record<string, number> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };
  fc.assert(
    fc.property(fc.double({ min: 1, max: 9e14, noNaN: true }), (value) => {
      const [, digits, letter = ''] = /^([\d.]+)([KMBT]?)$/.exec(formatCompact(value)) ?? [];
      const read = Number(digits) * (steps[letter] ?? 1);
      expect(Math.abs(read - value) / value).toBeLessThan(0.0051);
    }),
  );
});

test('notional carries its unit', () => {
  expect(formatNotional(1.5e6, 'quote', 'USDT')).toBe('$1.50M');
  expect(formatNotional(1.5e6, 'quote', 'EUR')).toBe('1.50M EUR');
  expect(formatNotional(0.0623, 'relative', 'USD')).toBe('6.23%');
});

test('shares, rates and changes', () => {
  expect(formatShare(0)).toBe('0%');
  expect(formatShare(1)).toBe('100%');
  expect(formatShare(1e-6)).toBe('<0.01%');
  expect(formatRate(-0.0001)).toBe('−0.0100%');
  expect(formatChange(-0.095)).toBe('−9.50%');
  expect(formatChange(0.1, 1)).toBe('+10.0%');
});

test('prices have six digits, however large they are', () => {
  expect(formatPrice(46_081.6099)).toBe('46,081.6');
  expect(formatPrice(1.14657)).toBe('1.14657');
  expect(priceDecimals(250_000)).toBe(0);
  expect(priceDecimals(0.000_012_3)).toBe(8);
  expect(priceDecimals(0)).toBe(2);
});

test('lengths of time have at most two units', () => {
  expect(formatAge(20_000)).toBe('20 s');
  expect(formatAge(45 * MINUTE_MS)).toBe('45 min');
  expect(formatAge(9 * HOUR_MS + 10 * MINUTE_MS)).toBe('9 h 10 min');
  expect(formatAge(14.4 * HOUR_MS)).toBe('14 h');
  expect(formatAge(2 * DAY_MS + 3 * HOUR_MS)).toBe('2 d 3 h');
  expect(formatAge(260 * DAY_MS)).toBe('260 d');
});

test('moments are UTC', () => {
  const moment = Date.UTC(2026, 10, 21, 13, 20);
  expect(formatTime(moment)).toBe('2026-11-21 13:20');
  expect(formatShortTime(moment)).toBe('21 Nov 13:20');
});

test('names of layers become readable, and words stay words', () => {
  expect(formatLeverage('5-10x')).toBe('5–10×');
  expect(formatLeverage('100x+')).toBe('100×+');
  expect(formatLeverage('extremes')).toBe('extremes');
});
