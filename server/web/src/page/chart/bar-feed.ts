/** The bars of what is shown: loaded first, further left and right as one moves, and live. */
import type { Bar } from '../../client';
import type { Page } from '../page';
import { lengthOfWindow } from '../windows';
import { BarList } from './bar-list';
import { History } from './history';

/** Bars beyond the edge of what can be seen, below which more are asked for. */
const NEAR_END = 60;

/** What the feed tells. */
export interface BarEvents {
  /** All bars may be others. */
  all(): void;
  /** Some bars were added on the left or far on the right; what can be seen must not move. */
  more(change: () => void): void;
  /** The last bar, or a few, are new. */
  end(bars: readonly Bar[]): void;
  failed(error: unknown): void;
}

/** Keeps the bars. */
export class BarFeed {
  readonly bars = new BarList();
  readonly #history: History;
  #isCatchingUp = false;
  #isBehind = false;

  constructor(
    private readonly page: Page,
    private readonly tell: BarEvents,
  ) {
    this.#history = new History(page);
  }

  /** Whether the newest bar is loaded, so that live ones fit. */
  get hasNewest(): boolean {
    return this.#history.hasNewest;
  }

  /**
   * Load the bars that the state wants to see.
   *
   * @returns False where something else has been asked for meanwhile.
   */
  async load(timeframe: string, timeframeMs: number): Promise<boolean> {
    const { visible, window } = this.page.view.value;
    const wanted = { timeframe, timeframeMs, visible, windowMs: lengthOfWindow(window) };
    const answer = await this.#history.load(wanted);
    if (answer !== null) this.bars.reset(answer.bars);
    return answer !== null;
  }

  /** Take a bar of the stream. */
  live(bar: Bar): void {
    if (!this.hasNewest) return;
    const before = this.bars.last;
    this.#put([bar]);
    // What venues report at a bar's close is not part of the stream.
    if (before !== undefined && bar.openTimeMs > before.openTimeMs) void this.catchUp();
  }

  /** Ask for everything since the last bar that did not come by stream alone. */
  async catchUp(): Promise<void> {
    this.#isBehind = true;
    // A market that is played fast closes bars before the answer has come: one question at a time.
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    while (this.#isBehind) {
      this.#isBehind = false;
      await this.#askSince();
    }
    this.#isCatchingUp = false;
  }

  /** Ask for more where an end of the bars is near. */
  async reach(from: number, to: number): Promise<void> {
    const { first, last } = this.bars;
    if (first === undefined || last === undefined) return;
    try {
      if (from < NEAR_END) this.#more(await this.#history.older(first));
      const isNearEnd = to > this.bars.all.length - NEAR_END;
      if (isNearEnd) this.#more(await this.#history.newer(last));
    } catch (error) {
      this.tell.failed(error);
    }
  }

  async #askSince(): Promise<void> {
    const from = this.bars.all.findLast((bar) => bar.openInterest !== undefined);
    if (from === undefined) return;
    try {
      const bars = await this.#history.since(from);
      if (bars.length > 0) this.#put(bars);
    } catch (error) {
      this.tell.failed(error);
    }
  }

  #more(found: readonly Bar[]): void {
    if (found.length > 0) this.tell.more(() => this.bars.put(found));
  }

  #put(bars: readonly Bar[]): void {
    if (this.bars.put(bars) === 'end') this.tell.end(bars);
    else this.tell.all();
  }
}
