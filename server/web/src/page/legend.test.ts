import fc from 'fast-check';
import { expect, test } from 'vitest';
import { notionalAt, positionOf, roundUp, scaleGradient } from './legend';

const MAX = 4_000_000;

test('position and notional undo each other', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (position) => {
      expect(positionOf(notionalAt(position, MAX), MAX)).toBeCloseTo(position, 9);
    }),
  );
});

test('what lies beyond the scale stays on its ends', () => {
  expect(positionOf(2 * MAX, MAX)).toBe(1);
  expect(positionOf(-1, MAX)).toBe(0);
  expect(positionOf(1, 0)).toBe(0);
});

test('the scale is rounded up, by less than two', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
      const rounded = roundUp(value) / value;
      expect(rounded).toBeGreaterThan(0.9998);
      expect(rounded).toBeLessThan(2);
    }),
  );
});

test('beyond the hottest notional the scale has one colour', () => {
  const gradient = scaleGradient('classic', 'dark', [0, MAX / 4], MAX);
  const colours = gradient.match(/rgb\([^)]*\)/g) ?? [];
  const hottest = colours[colours.length - 1];
  expect(colours.slice(colours.length / 2 + 1).every((one) => one === hottest)).toBe(true);
  expect(colours[0]).not.toBe(hottest);
});
