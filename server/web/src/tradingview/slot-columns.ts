/**
 * Bands by slot, bar by bar, as an indicator shows them.  Times are UTC milliseconds.
 *
 * A column holds three numbers for each slot: lower edge, upper edge, and strength as a step of the
 * palette; NaN where the slot is empty.  Between two bands in one slot the server leaves a bar
 * empty, so that the space between two lines never joins them.
 */
import type { BandSlotsAnswer } from '../client';

/** Numbers per slot. */
export const VALUES_PER_SLOT = 3;

/** A bar that forms shows the column of the bar before it, but no older one. */
const MOST_BARS_CARRIED = 3;

/** The columns of one symbol and timeframe, as far as they were fetched. */
export class SlotColumns {
  readonly #timeframeMs: number;
  readonly #columns = new Map<number, number[]>();
  #times: number[] = [];

  constructor(timeframeMs: number) {
    this.#timeframeMs = timeframeMs;
  }

  /** Open of the newest bar there is; -Infinity when there is none. */
  get lastMs(): number {
    return this.#times.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** Forget everything. */
  clear(): void {
    this.#columns.clear();
    this.#times = [];
  }

  /** Take in an answer; its bars replace those of the same times. */
  merge(answer: BandSlotsAnswer): void {
    for (const [i, timeMs] of answer.openTimeMs.entries()) {
      this.#columns.set(timeMs, columnOf(answer, i));
    }
    this.#times = [...this.#columns.keys()].sort((a, b) => a - b);
  }

  /** Return the column that the bar of a time shows; undefined where none is known. */
  at(timeMs: number): readonly number[] | undefined {
    const knownMs = this.#lastBy(timeMs);
    const isOld = timeMs - knownMs >= MOST_BARS_CARRIED * this.#timeframeMs;
    return isOld ? undefined : this.#columns.get(knownMs);
  }

  /** Return the open of the last bar that opens by a time; -Infinity when there is none. */
  #lastBy(timeMs: number): number {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? 0) <= timeMs) low = middle + 1;
      else high = middle;
    }
    return this.#times[low - 1] ?? Number.NEGATIVE_INFINITY;
  }
}

function columnOf({ slots }: BandSlotsAnswer, i: number): number[] {
  return slots.flatMap(({ low, high, level }) =>
    [low[i], high[i], level[i]].map((value) => value ?? Number.NaN),
  );
}
