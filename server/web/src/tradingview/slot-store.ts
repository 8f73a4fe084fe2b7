/** The bands by slot that the indicators of a page show, and when they have changed. */
import type { ProblemError } from '../client';
import type { Connection } from './connection';
import { timeframeOf } from './resolutions';
import { SlotSeries } from './slot-series';

/** A series that no indicator has looked at for so long is let go. */
const IDLE_MS = 60_000;

/** What a store tells of. */
export interface StoreListener {
  /** Indicators have to be calculated again. */
  onChange(): void;
  /** The server has no bands of a symbol, and says why. */
  onProblem?(problem: ProblemError): void;
}

/** Bands by slot, by symbol and resolution. */
export class SlotStore {
  readonly #connection: Connection;
  readonly #series = new Map<string, SlotSeries>();
  readonly #listeners = new Set<StoreListener>();
  #revision = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * A number that rises with every change.
   *
   * It goes on from the time of day: a saved layout brings back the number of an earlier page, and
   * a chart that is told a number it has does not calculate anew.
   */
  get revision(): number {
    return this.#revision;
  }

  /** Return the series of a symbol and resolution; undefined where there are no bands. */
  series(ticker: string, resolution: string): SlotSeries | undefined {
    const timeframe = timeframeOf(resolution);
    if (ticker === '' || ticker.includes('#') || !timeframe) return undefined;
    const key = `${ticker} ${timeframe.name}`;
    const known = this.#series.get(key);
    if (known) return known;
    this.#letGoIdle();
    const series = new SlotSeries(this.#connection, {
      symbol: ticker,
      timeframe,
      onChange: () => this.#changed(),
      onProblem: (problem) => this.#tell((listener) => listener.onProblem?.(problem)),
    });
    this.#series.set(key, series);
    return series;
  }

  /** Tell a listener until the returned function is called. */
  listen(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stop following everything; what indicators look at is fetched anew. */
  close(): void {
    for (const series of this.#series.values()) series.close();
    this.#series.clear();
  }

  #changed(): void {
    this.#revision = Math.max(this.#revision + 1, Date.now());
    this.#tell((listener) => listener.onChange());
  }

  #tell(say: (listener: StoreListener) => void): void {
    for (const listener of [...this.#listeners]) say(listener);
  }

  #letGoIdle(): void {
    const idleSinceMs = Date.now() - IDLE_MS;
    for (const [key, series] of this.#series) {
      if (series.lastReadMs > idleSinceMs) continue;
      series.close();
      this.#series.delete(key);
    }
  }
}

const stores = new WeakMap<Connection, SlotStore>();

/** Return the store of a connection, the same one for the same connection. */
export function slotStoreOf(connection: Connection): SlotStore {
  const known = stores.get(connection);
  if (known) return known;
  const made = new SlotStore(connection);
  stores.set(connection, made);
  return made;
}
