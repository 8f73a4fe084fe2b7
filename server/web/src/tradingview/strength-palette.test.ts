import { expect, test } from 'vitest';
import { strengthColour, strengthColours, USUAL_COLOURS } from './strength-palette';

test('there are sixteen colours, each less transparent than the one before', () => {
  const opacities = strengthColours(USUAL_COLOURS).map((colour) => {
    expect(colour).toMatch(/^rgba\(\d{1,3}, \d{1,3}, \d{1,3}, 0\.\d\d\)$/);
    return Number(/([\d.]+)\)$/.exec(colour)?.[1]);
  });
  expect(new Set(strengthColours(USUAL_COLOURS)).size).toBe(16);
  expect(opacities).toEqual(opacities.toSorted((a, b) => a - b));
});

test.each([
  [0, 0],
  [0.5, 8],
  [0.999, 15],
  [1, 15],
])('strength %d has colour %d', (strength, level) => {
  expect(strengthColour(strength, USUAL_COLOURS)).toBe(strengthColours(USUAL_COLOURS)[level]);
});
