import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeLabels, type WantedLabel } from './labels';

const label = fc.record({
  y: fc.double({ min: -200, max: 800, noNaN: true }),
  height: fc.integer({ min: 8, max: 40 }),
  priority: fc.integer({ min: 0, max: 5 }),
});
const labels = fc.array(label, { maxLength: 40 });
const room = fc.integer({ min: 20, max: 600 });

/** Labels that were placed, from top to bottom. */
function placed(wanted: readonly WantedLabel[], height: number) {
  return placeLabels(wanted, height)
    .map((y, i) => ({ y, index: i, ...spanOf(wanted[i], y) }))
    .filter((one) => one.y !== null)
    .sort((a, b) => a.top - b.top);
}

function spanOf(wanted: WantedLabel | undefined, y: number | null) {
  const half = (wanted?.height ?? 0) / 2;
  return { top: (y ?? 0) - half, bottom: (y ?? 0) + half };
}

describe('labels', () => {
  test('never overlap', () => {
    fc.assert(
      fc.property(labels, room, (wanted, height) => {
        const found = placed(wanted, height);
        found.slice(1).forEach((one, i) => {
          expect(one.top).toBeGreaterThanOrEqual((found[i]?.bottom ?? 0) - 1e-6);
        });
      }),
    );
  });

  test('stay within the chart', () => {
    fc.assert(
      fc.property(labels, room, (wanted, height) =>
        placed(wanted, height).every(({ top, bottom }) => top >= -1e-6 && bottom <= height + 1e-6),
      ),
    );
  });

  test('keep their order', () => {
    fc.assert(
      fc.property(labels, room, (wanted, height) => {
        const wishes = placed(wanted, height).map(({ index }) => wanted[index]?.y ?? 0);
        expect(wishes).toEqual([...wishes].sort((a, b) => a - b));
      }),
    );
  });

  test('all have a place where their heights fit', () => {
    fc.assert(
      fc.property(labels, (wanted) => {
        const height = wanted.reduce((sum, one) => sum + one.height, 0);
        expect(placed(wanted, height)).toHaveLength(wanted.length);
      }),
    );
  });

  test('give way to those of higher priority', () => {
    const wanted = [1, 3, 2].map((priority) => ({ y: 20, height: 20, priority }));
    expect(placeLabels(wanted, 45).map((y) => y !== null)).toEqual([false, true, true]);
  });

  test('stay where they want to be if nothing is in the way', () => {
    const wanted = [90, 10, 50].map((y) => ({ y, height: 16, priority: 1 }));
    expect(placeLabels(wanted, 100)).toEqual([90, 10, 50]);
  });

  test('in each other’s way move apart equally', () => {
    const wanted = [50, 52].map((y) => ({ y, height: 20, priority: 1 }));
    expect(placeLabels(wanted, 100)).toEqual([41, 61]);
  });
});
