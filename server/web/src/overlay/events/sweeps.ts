/** Bands that the price went through. */
import type { BandSlot, BandSlotsAnswer, Bar, Side } from '../../client';

/** A band that ended because the price came to it. */
export interface Sweep {
  /** Open of the bar in which it happened. */
  openTimeMs: number;
  side: Side;
  /** The band's densest price, and its edges. */
  price: number;
  low: number;
  high: number;
  /** What stood there one bar before. */
  notional: number;
}

/**
 * Return the sweeps of some bars: bands through time whose slot falls empty, or changes its owner, in a
 * bar that reached the band's densest price.
 */
export function sweepsOf(answer: BandSlotsAnswer, bars: readonly Bar[]): Sweep[] {
  const barAt = new Map(bars.map((bar) => [bar.openTimeMs, bar]));
  return answer.openTimeMs.flatMap((openTimeMs, place) => {
    const bar = barAt.get(openTimeMs);
    if (bar === undefined || place === 0) return [];
    return answer.slots
      .map((slot) => ({ before: bandAt(slot, place - 1), after: bandAt(slot, place) }))
      .filter(({ before, after }) => before !== null && isSwept(before, after, bar))
      .flatMap(({ before }) => (before === null ? [] : [{ openTimeMs, ...before }]));
  });
}

type SlotBand = Omit<Sweep, 'openTimeMs'>;

function bandAt(slot: BandSlot, place: number): SlotBand | null {
  const edges = [slot.low, slot.peakPrice, slot.high].map((prices) => prices[place] ?? null);
  const [low, price, high] = edges.filter((edge) => edge !== null);
  if (low === undefined || price === undefined || high === undefined) return null;
  const side = slot.side[place] === 1 ? 'long' : 'short';
  return { side, price, low, high, notional: slot.notional[place] ?? 0 };
}

function isSwept(before: SlotBand, after: SlotBand | null, bar: Bar): boolean {
  const isReached = bar.low <= before.price && before.price <= bar.high;
  return (
    isReached && (after === null || after.side !== before.side || after.price !== before.price)
  );
}
