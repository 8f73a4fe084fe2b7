/** Random markets for tests, the same for the same seed.  Times are seconds, as on the wire. */

/** Numbers by chance, the same for the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 2_654_435_761 + 1;
  }

  /** Return a number from 0 up to 1. */
  next(): number {
    // The generator "mulberry32".
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Return a whole number from `low` up to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** Return one of several. */
  one<T>(choices: readonly T[]): T {
    return choices[this.whole(0, choices.length - 1)] as T;
  }
}

/** Run a property on so many cases. */
export async function forSeeds(
  count: number,
  property: (random: Random) => Promise<void> | void,
): Promise<void> {
  for (let seed = 0; seed < count; seed++) {
    try {
      await property(new Random(seed));
    } catch (cause) {
      throw new Error(`fails with seed ${seed}: ${String(cause)}`, { cause });
    }
  }
}

/** A bar as a server knows it. */
export interface MarketBar {
  t: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** Open of the first bar: a Monday. */
export const START = 1_735_516_800;

/** Return bars one after the other, some of which are missing. */
export function marketOf(random: Random, count: number, stepSeconds: number): MarketBar[] {
  const bars: MarketBar[] = [];
  let price = 100;
  for (let i = 0; bars.length < count; i++) {
    if (random.next() < 0.05 && i > 0) continue;
    const bar = barAt(random, START + i * stepSeconds, price);
    bars.push(bar);
    price = bar.close;
  }
  return bars;
}

/** Return a bar that opens at a time and a price. */
export function barAt(random: Random, t: number, open: number): MarketBar {
  const close = open * (1 + (random.next() - 0.5) / 50);
  const high = Math.max(open, close) * (1 + random.next() / 100);
  const low = Math.min(open, close) * (1 - random.next() / 100);
  return { t, open, high, low, close, volume: random.whole(0, 900) };
}
