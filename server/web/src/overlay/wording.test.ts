import { expect, test } from 'vitest';
import { ageText, distanceText, notionalText } from './wording';

test.each([
  [0, '0'],
  [0.5, '0.50'],
  [999.4, '999'],
  [999.9, '1.00K'],
  [12_345_678, '12.3M'],
  [123_456_789, '123M'],
  [999_950_000, '1.00B'],
  [2.5e12, '2.50T'],
])('%f is written %s', (notional, text) => expect(notionalText(notional)).toBe(text));

test('a relative notional is a share', () => {
  expect([notionalText(0.0312, 'relative'), notionalText(0.00002, 'relative')]).toEqual([
    '3.12%',
    '0.0020%',
  ]);
});

test.each([
  [0.0424, '+4.2%'],
  [-0.0051, '−0.51%'],
  [0, '+0.00%'],
])('a distance of %f is %s', (distance, text) => expect(distanceText(distance)).toBe(text));

const HOUR = 3_600_000;
test.each([
  [-5, '0m'],
  [59 * 60_000, '59m'],
  [HOUR, '1h'],
  [1.5 * HOUR, '1h 30m'],
  [28 * HOUR, '1d 4h'],
  [48 * HOUR, '2d'],
  [500 * HOUR, '20d'],
])('an age of %i ms is %s', (age, text) => expect(ageText(age)).toBe(text));
