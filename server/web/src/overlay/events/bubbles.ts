/** Liquidations gathered by bar and side. */
import type { Liquidation, Side } from '../../client';
import type { TimeAxis } from '../time-axis';

/** What was liquidated of one side during one bar. */
export interface Bubble {
  /** The bar. */
  index: number;
  side: Side;
  /** Average price, weighted with notional. */
  price: number;
  notional: number;
  count: number;
}

/**
 * Return the bubbles of liquidations, the largest first; those before the first bar are left out.
 *
 * @param events - In order of time.
 */
export function bubblesOf(events: readonly Liquidation[], axis: TimeAxis): Bubble[] {
  const found = new Map<string, Bubble>();
  let index = -1;
  let endMs = axis.timeAt(0) ?? Number.POSITIVE_INFINITY;
  for (const { timeMs, side, price, notional } of events) {
    if (timeMs >= endMs) {
      index = axis.indexOf(timeMs + 1) - 1;
      const isLast = index + 1 >= axis.count();
      endMs = (isLast ? null : axis.timeAt(index + 1)) ?? Number.POSITIVE_INFINITY;
    }
    if (index < 0 || !(notional > 0)) continue;
    const key = `${side} ${index}`;
    const known = found.get(key) ?? { index, side, price, notional: 0, count: 0 };
    const sum = known.notional + notional;
    const average = known.price + ((price - known.price) * notional) / sum;
    found.set(key, { ...known, price: average, notional: sum, count: known.count + 1 });
  }
  return [...found.values()].sort((a, b) => b.notional - a.notional);
}

/** Share of the bubbles that are smaller than the largest one drawn. */
const LARGEST_QUANTILE = 0.98;

/** Return the notional from which on bubbles are drawn equally large. */
export function largestOf(bubbles: readonly Bubble[]): number {
  const place = Math.floor((1 - LARGEST_QUANTILE) * bubbles.length);
  return bubbles[place]?.notional ?? 1;
}

/** Return the radius of a bubble: its area follows its notional. */
export function radiusOf(notional: number, largest: number, largestRadius: number): number {
  return largestRadius * Math.sqrt(Math.min(1, notional / largest));
}
