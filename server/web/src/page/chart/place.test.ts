import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bar, HOUR_MS, START_MS } from '../testing/samples';
import { homeStretch, placeOfTime, seenStretch, timeAtPlace } from './place';

/** A night without trade lies between the third and the fourth bar. */
const BARS = [0, 1, 2, 10, 11, 12].map((index) => bar(index));

test('place and time undo each other, also beyond both ends', () => {
  fc.assert(
    fc.property(fc.double({ min: -50, max: 60, noNaN: true }), (place) => {
      const timeMs = timeAtPlace(BARS, place, HOUR_MS);
      expect(placeOfTime(BARS, timeMs, HOUR_MS)).toBeCloseTo(place, 6);
    }),
  );
});

test('a bar opens at its own place', () => {
  expect(placeOfTime(BARS, START_MS + 10 * HOUR_MS, HOUR_MS)).toBe(3);
  expect(timeAtPlace(BARS, 3, HOUR_MS)).toBe(START_MS + 10 * HOUR_MS);
});

test('older bars on the left do not change what a time means', () => {
  const timeMs = START_MS + 10.5 * HOUR_MS;
  const more = [bar(-2), bar(-1), ...BARS];
  expect(placeOfTime(more, timeMs, HOUR_MS) - placeOfTime(BARS, timeMs, HOUR_MS)).toBe(2);
});

test('what is seen comes back after a reload', () => {
  const seen = seenStretch(BARS, { from: 0.5, to: 7.25 }, HOUR_MS);
  expect(placeOfTime(BARS, seen[0], HOUR_MS)).toBeCloseTo(0.5, 5);
  expect(placeOfTime(BARS, seen[1], HOUR_MS)).toBeCloseTo(7.25, 5);
});

test('at home the newest bars are seen, with room on their right', () => {
  const [from, to] = homeStretch(1_000, 300, 0.25);
  expect(from).toBeCloseTo(699.5);
  expect((to - 999.5) / (to - from)).toBeCloseTo(0.25);
  expect(homeStretch(20, 300, 0)[0]).toBeCloseTo(-0.5);
});
