import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Liquidation } from '../../client';
import { axisOf, minutes } from '../testing/small-grid';
import { bubblesOf, largestOf, radiusOf } from './bubbles';

const event = (timeMs: number, notional: number, rest: Partial<Liquidation> = {}): Liquidation => ({
  timeMs,
  symbol: 'X',
  side: 'long',
  price: 100,
  contracts: 1,
  notional,
  ...rest,
});
const axis = axisOf(minutes(10));

test('liquidations of a bar and a side are one bubble at their average price', () => {
  const events = [event(60_000, 1, { price: 100 }), event(119_999, 3, { price: 104 })];
  expect(bubblesOf(events, axis)).toEqual([
    { index: 1, side: 'long', price: 103, notional: 4, count: 2 },
  ]);
});

test('sides and bars are told apart', () => {
  const events = [event(0, 1), event(0, 2, { side: 'short' }), event(60_000, 3)];
  expect(bubblesOf(events, axis).map(({ index, side }) => [index, side])).toEqual([
    [1, 'long'],
    [0, 'short'],
    [0, 'long'],
  ]);
});

test('what happened before the first bar is left out', () => {
  expect(bubblesOf([event(-1, 1)], axis)).toEqual([]);
});

test('nothing is lost and nothing counted twice', () => {
  const events = fc.array(
    fc.record({
      timeMs: fc.integer({ min: 0, max: 599_999 }),
      notional: fc.integer({ min: 1, max: 99 }),
    }),
  );
  fc.assert(
    fc.property(events, (some) => {
      some.sort((a, b) => a.timeMs - b.timeMs);
      const bubbles = bubblesOf(
        some.map(({ timeMs, notional }) => event(timeMs, notional)),
        axis,
      );
      const total = (values: { notional: number }[]) =>
        values.reduce((sum, one) => sum + one.notional, 0);
      expect(total(bubbles)).toBeCloseTo(total(some), 6);
    }),
  );
});

test('area follows notional: four times as much is twice as wide', () => {
  expect(radiusOf(400, 1600, 16) / radiusOf(100, 1600, 16)).toBeCloseTo(2, 12);
  expect(radiusOf(9999, 1600, 16)).toBe(16);
});

test('one giant does not make all others dust', () => {
  const bubbles = Array.from({ length: 100 }, (_, i) => ({
    ...event(0, 100 - i),
    index: i,
    count: 1,
  }));
  expect(largestOf(bubbles)).toBe(98);
  expect(largestOf([])).toBe(1);
});
