import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linearScale, roundTicks } from './scale';

test('pixels and values undo each other', () => {
  const scale = linearScale([100, 200], [500, 20]);
  expect(scale.toPixel(100)).toBe(500);
  expect(scale.toPixel(200)).toBe(20);
  expect(scale.toValue(scale.toPixel(137))).toBeCloseTo(137, 9);
});

test('figures along an axis are round, inside, and about as many as asked for', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      (low, span) => {
        const ticks = roundTicks(low, low + span, 8);
        expect(ticks.length).toBeGreaterThan(2);
        expect(ticks.length).toBeLessThan(11);
        for (const tick of ticks) expect(tick).toBeGreaterThanOrEqual(low - span * 1e-6);
      },
    ),
  );
});

test('an axis without height has no figures', () => {
  expect(roundTicks(5, 5, 8)).toEqual([]);
  expect(roundTicks(0, Number.NaN, 8)).toEqual([]);
});
