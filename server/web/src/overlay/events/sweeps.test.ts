import { expect, test } from 'vitest';
import type { BandSlotsAnswer, Bar } from '../../client';
import { sweepsOf } from './sweeps';

type Owner = number | null;

/** One slot whose band, named by its densest price, changes from bar to bar. */
function slotOf(owners: readonly Owner[]): BandSlotsAnswer['slots'][number] {
  const shifted = (by: number) => owners.map((price) => (price === null ? null : price + by));
  return {
    low: shifted(-1),
    high: shifted(1),
    peakPrice: [...owners],
    notional: shifted(1000),
    side: owners.map((price) => (price === null ? null : 1)),
    level: owners.map(() => 3),
  };
}

/** Return the sweeps of slots on bars of one range of prices. */
function swept(slots: Owner[][], [low, high]: [number, number]) {
  const openTimeMs = (slots[0] ?? []).map((_, i) => i * 60_000);
  const answer = { openTimeMs, slots: slots.map(slotOf) } as unknown as BandSlotsAnswer;
  const bars = openTimeMs.map((time) => ({ openTimeMs: time, low, high }) as Bar);
  return sweepsOf(answer, bars);
}

test('a band that ends in a bar that reached it was swept', () => {
  expect(swept([[100, 100, null]], [99, 101])).toEqual([
    { openTimeMs: 120_000, side: 'long', price: 100, low: 99, high: 101, notional: 1100 },
  ]);
});

test('a band that ends where the price was not only faded', () => {
  expect(swept([[100, 100, null]], [103, 105])).toEqual([]);
});

test('a slot with another band has lost its first one', () => {
  expect(swept([[100, 97]], [99, 101]).map(({ price }) => price)).toEqual([100]);
});

test('a band that lives was not swept', () => {
  expect(swept([[100, 100, 100]], [99, 101])).toEqual([]);
});
