/** The bars of a chart, oldest first, as they come: older ones, newer ones, and the last one anew. */
import type { Bar } from '../../client';

/** Bars in order of time. */
export class BarList {
  #bars: Bar[] = [];

  /** All of them; never change it in place. */
  get all(): readonly Bar[] {
    return this.#bars;
  }

  get first(): Bar | undefined {
    return this.#bars[0];
  }

  get last(): Bar | undefined {
    return this.#bars[this.#bars.length - 1];
  }

  /** Begin anew with these. */
  reset(bars: readonly Bar[]): void {
    this.#bars = [...bars];
  }

  /**
   * Take in some bars, oldest first.
   *
   * @returns `end` where only the last bar changed, or bars were appended; `all` otherwise.
   */
  put(bars: readonly Bar[]): 'end' | 'all' {
    const lastMs = this.last?.openTimeMs ?? Number.POSITIVE_INFINITY;
    const isEnd = bars.every((bar) => bar.openTimeMs >= lastMs);
    if (isEnd) for (const bar of bars) this.#putLast(bar);
    else this.#merge(bars);
    return isEnd ? 'end' : 'all';
  }

  /** Return the index of the bar in which a time lies; -1 before all of them. */
  indexAt(timeMs: number): number {
    let [low, high] = [0, this.#bars.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#bars[middle]?.openTimeMs ?? 0) <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #putLast(bar: Bar): void {
    const known = this.last;
    if (known?.openTimeMs === bar.openTimeMs) {
      // A stream knows less of a bar than `/candles`: what it does not say stays.
      this.#bars[this.#bars.length - 1] = { ...known, ...said(bar) };
    } else {
      this.#bars.push(bar);
    }
  }

  #merge(bars: readonly Bar[]): void {
    const byTime = new Map(this.#bars.map((bar) => [bar.openTimeMs, bar]));
    for (const bar of bars) byTime.set(bar.openTimeMs, { ...byTime.get(bar.openTimeMs), ...bar });
    this.#bars = [...byTime.values()].sort((one, other) => one.openTimeMs - other.openTimeMs);
  }
}

function said(bar: Bar): Bar {
  const entries = Object.entries(bar).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as Bar;
}
