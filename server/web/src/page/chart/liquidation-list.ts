/** Liquidations from two sources that overlap: pages of the past, and a stream. */
import type { Liquidation } from '../../client';

/** A chart that is open for weeks forgets what it was told first. */
const MOST_TOLD = 10_000;

/** Each liquidation once, whichever source names it first. */
export class LiquidationList {
  #loaded: Liquidation[] = [];
  #told: Liquidation[] = [];
  /** Time of the newest one that a page has named. */
  #loadedToMs = 0;

  /** All of them, in no order. */
  get all(): readonly Liquidation[] {
    return [...this.#loaded, ...this.#told];
  }

  /** Take a page of the past; pages do not overlap. */
  load(events: readonly Liquidation[]): void {
    for (const event of events) this.#loadedToMs = Math.max(this.#loadedToMs, event.timeMs);
    this.#loaded.push(...events);
    this.#told = this.#told.filter((event) => event.timeMs > this.#loadedToMs);
  }

  /** Take what a stream tells. */
  tell(events: readonly Liquidation[]): void {
    const isNew = (event: Liquidation): boolean => event.timeMs > this.#loadedToMs;
    this.#told = [...this.#told, ...events.filter(isNew)].slice(-MOST_TOLD);
  }

  /** Forget all. */
  clear(): void {
    [this.#loaded, this.#told, this.#loadedToMs] = [[], [], 0];
  }
}
