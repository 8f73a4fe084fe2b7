/**
 * Bars as they happen.  A chart takes its last bar again and newer ones, nothing in between and
 * nothing older; so a new bar waits until the one before it is known to be final, and what was
 * missed is fetched.
 */
import type { Bar } from '../client';
import type { Connection } from './connection';
import type { ChartBar, SubscribeBarsCallback } from './datafeed-api';
import { barsOf, type HistoryAnswer } from './history';
import { timeframeOf } from './resolutions';
import { UdfError } from './udf-client';

/** How often symbols without a stream are asked for, those with `#`. */
const POLL_MS = 10_000;

/** So long a new bar waits for the stream to close the one before it. */
const PATIENCE_MS = 1_000;

/** Who listens to which bars. */
export interface BarListener {
  readonly ticker: string;
  readonly resolution: string;
  /** Open of the newest bar that the chart has, milliseconds; 0 when it has none. */
  readonly lastMs: number;
  readonly onTick: SubscribeBarsCallback;
  /** The chart has to forget what it has. */
  readonly onReload: () => void;
}

/** A bar, and whether it will not change any more. */
interface Told {
  readonly bar: ChartBar;
  readonly isFinal: boolean;
}

/** One listener at work. */
export class LiveBars {
  readonly #listener: BarListener;
  readonly #connection: Connection;
  readonly #lengthMs: number;
  readonly #hasStream: boolean;
  readonly #stop: () => void;
  #lastMs: number;
  #lastIsFinal = false;
  /** Newer bars that have to wait. */
  #waiting: Told[] = [];
  #isFetching = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isClosed = false;

  constructor(connection: Connection, listener: BarListener) {
    this.#connection = connection;
    this.#listener = listener;
    this.#lastMs = listener.lastMs;
    const timeframe = timeframeOf(listener.resolution);
    this.#lengthMs = timeframe?.lengthMs ?? 0;
    this.#hasStream = timeframe !== undefined && !listener.ticker.includes('#');
    this.#stop = timeframe && this.#hasStream ? this.#follow(timeframe.name) : this.#poll();
  }

  /** Stop; the listener is not called afterwards. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #follow(timeframe: string): () => void {
    const stream = this.#connection.streams.follow(this.#listener.ticker, timeframe, {
      bar: (bar) => this.#take({ bar: chartBar(bar), isFinal: bar.closed }),
      state: (state) => {
        if (state === 'open') void this.#catchUp();
      },
      reload: () => this.#listener.onReload(),
    });
    return () => stream.close();
  }

  #poll(): () => void {
    const timer = setInterval(() => void this.#catchUp(), POLL_MS);
    return () => clearInterval(timer);
  }

  #take(told: Told): void {
    if (this.#isFetching || !this.#mayFollow(told)) {
      this.#waiting.push(told);
      this.#wait();
    } else {
      this.#tell(told);
      this.#goOn();
    }
  }

  /** Return whether a bar may be told: nothing is missing before it, and nothing will change. */
  #mayFollow({ bar }: Told): boolean {
    const isFirst = this.#lastMs === 0;
    return isFirst || bar.time <= this.#lastMs || (this.#lastIsFinal && this.#isNext(bar));
  }

  #isNext(bar: ChartBar): boolean {
    return bar.time <= this.#lastMs + this.#lengthMs;
  }

  #tell({ bar, isFinal }: Told): void {
    if (this.#isClosed || bar.time < this.#lastMs) return;
    this.#lastIsFinal = isFinal || (this.#lastIsFinal && bar.time === this.#lastMs);
    this.#lastMs = bar.time;
    this.#listener.onTick(bar);
  }

  /** Tell the bars that need not wait any longer. */
  #goOn(): void {
    while (this.#waiting[0] && this.#mayFollow(this.#waiting[0])) {
      this.#tell(this.#waiting[0]);
      this.#waiting.shift();
    }
    if (this.#waiting.length > 0) this.#wait();
  }

  /** See to it that the first bar that waits does not wait for ever. */
  #wait(): void {
    const [first] = this.#waiting;
    if (this.#isClosed || this.#isFetching || this.#timer !== null || !first) return;
    if (!this.#isNext(first.bar)) return void this.#catchUp();
    this.#timer = setTimeout(() => void this.#catchUp(), PATIENCE_MS);
  }

  /** Fetch the bars from the last one that the chart has, and tell them before newer ones. */
  async #catchUp(): Promise<void> {
    if (this.#isClosed || this.#isFetching) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isFetching = true;
    const known = this.#waiting.length;
    const missed = await this.#missed(this.#waiting.at(-1)?.bar.time ?? 0);
    this.#isFetching = false;
    // Where the server does not answer, later bars of the stream ask again.
    const waited = this.#waiting.splice(0, known);
    if (missed) for (const told of [...missed, ...waited]) this.#tell(told);
    this.#goOn();
  }

  /** Return the bars from the last one on; null where the server does not give them. */
  async #missed(newestMs: number): Promise<Told[] | null> {
    const { ticker, resolution } = this.#listener;
    const lastMs = this.#lastMs;
    // The browser's clock may be slow.
    const to = Math.ceil(Math.max(Date.now(), newestMs) / 1000) + 1;
    const from = lastMs > 0 ? Math.min(lastMs / 1000, to) : to;
    const question = { symbol: ticker, resolution, from, to, countback: 2 };
    try {
      const bars = barsOf((await this.#connection.udf.ask('history', question)) as HistoryAnswer);
      // A bar that has just closed may be about to come back in its final form.
      const isWhole = !this.#hasStream || lastMs === 0 || bars.some(({ time }) => time === lastMs);
      return isWhole ? bars.map((bar, i) => ({ bar, isFinal: i < bars.length - 1 })) : null;
    } catch (error) {
      if (error instanceof UdfError) return null;
      throw error;
    }
  }
}

function chartBar(bar: Bar): ChartBar {
  const { openTimeMs: time, open, high, low, close, volume } = bar;
  return { time, open, high, low, close, ...(volume !== null && { volume }) };
}
