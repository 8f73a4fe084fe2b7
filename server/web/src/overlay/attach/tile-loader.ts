/** Loads the tiles that can be seen, and those left of them, as the chart is moved. */
import {
  type HeatmapColumn,
  type HeatmapGrid,
  type HeatmapQuery,
  type LiqbandsClient,
  ProblemError,
} from '../../client';
import { contains, frameAround, frameFits, type PriceRange, rowsOver, spanOf } from './frame';
import { type TileTime, tileTimes } from './timeframes';
import { TILE_COLUMNS } from '../heatmap/tile';
import type { Seen } from './view-seen';

/** What a loader needs to know of its surroundings. */
export interface TileSink {
  /** Show a tile. */
  addTile(grid: HeatmapGrid): void;
  /** Show a column that is newer than the tile it belongs to. */
  setColumn(column: HeatmapColumn): boolean;
  /** A tile has been asked for that was not before, for instance to load its events. */
  tileAsked(time: TileTime): void;
  /** The rows of live columns are others from now on. */
  rowsChanged(query: HeatmapQuery & PriceRange): void;
  /** A question failed. */
  problem(problem: ProblemError | TypeError): void;
}

/** Rows asked for while their height is not known yet. */
const ROWS = 500;
/** Tiles shown at most: a chart zoomed out further needs a longer timeframe. */
const MOST_TILES = 8;
/** Columns kept to be shown again on a tile that was computed before them. */
const RECENT_COLUMNS = 64;
/** Frames whose rows would be so much finer or coarser than needed get rows of their own. */
const ROW_FACTOR = 2.5;

interface Loaded {
  prices: PriceRange;
  state: 'loading' | 'ready' | 'empty';
}

/** Loads tiles for one question. */
export class TileLoader {
  #frame: PriceRange | null = null;
  #dp: number | null = null;
  #asOfMs = 0;
  #isClosed = false;
  #tiles = new Map<number, Loaded>();
  #recent = new Map<number, HeatmapColumn>();
  /** What can be seen now, while that is being loaded. */
  #wanted: Seen | null = null;
  #stop = new AbortController();

  constructor(
    private readonly client: LiqbandsClient,
    private readonly query: HeatmapQuery & { timeframe: string },
    private readonly timeframeMs: number,
    private readonly sink: TileSink,
  ) {}

  /** Load what is missing of what can be seen, and one tile further left. */
  async show(seen: Seen): Promise<void> {
    const isShowing = this.#wanted !== null;
    this.#wanted = seen;
    if (isShowing) return;
    try {
      // One after the other: the first answer says how high rows are, and the chart may move on.
      while (await this.#loadNext(this.#wanted));
    } finally {
      this.#wanted = null;
    }
  }

  /** Load the newest tile that is missing; return whether there was one. */
  async #loadNext(seen: Seen): Promise<boolean> {
    this.#reframe(seen.prices);
    const left = seen.fromMs - TILE_COLUMNS * this.timeframeMs;
    const times = tileTimes(left, seen.toMs, this.timeframeMs).slice(0, MOST_TILES);
    const next = times.find((time) => this.#isMissing(time, seen.prices));
    return next !== undefined && (await this.#load(next));
  }

  /** Show a column of the stream; return false where the tiles do not fit it any longer. */
  put(column: HeatmapColumn): boolean {
    this.#recent.set(column.openTimeMs, column);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > RECENT_COLUMNS && oldest !== undefined) this.#recent.delete(oldest);
    const isAwaited = [...this.#tiles.values()].some(({ state }) => state === 'loading');
    return this.sink.setColumn(column) || isAwaited || this.#dp === null;
  }

  /** Forget everything that was loaded; what is shown stays until it is replaced. */
  reset(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#tiles.clear();
    this.#asOfMs = 0;
  }

  /** End all requests. */
  close(): void {
    this.#isClosed = true;
    this.#stop.abort();
  }

  #reframe(prices: PriceRange): void {
    if (this.#frame !== null && frameFits(this.#frame, prices)) return;
    const before = this.#frame;
    this.#frame = frameAround(prices);
    const factor =
      before === null ? Number.POSITIVE_INFINITY : spanOf(this.#frame) / spanOf(before);
    const isOther = factor > ROW_FACTOR || factor < 1 / ROW_FACTOR;
    if (isOther || (this.#dp !== null && rowsOver(this.#frame, this.#dp) === null)) {
      this.#dp = null;
      this.reset();
    } else {
      this.#announce();
    }
  }

  #isMissing(time: TileTime, prices: PriceRange): boolean {
    const known = this.#tiles.get(time.fromMs);
    if (known === undefined) return true;
    return known.state === 'ready' && !contains(known.prices, clipped(prices, this.#frame));
  }

  /** Return whether it is worth going on. */
  async #load(time: TileTime): Promise<boolean> {
    const frame = this.#frame;
    if (frame === null) return false;
    const { signal } = this.#stop;
    if (!this.#tiles.has(time.fromMs)) this.sink.tileAsked(time);
    this.#tiles.set(time.fromMs, { prices: frame, state: 'loading' });
    try {
      const grid = await this.client.heatmap(this.#question(time, frame), { signal });
      if (!signal.aborted) this.#show(time, frame, grid);
      return true;
    } catch (error) {
      return signal.aborted ? !this.#isClosed : this.#failed(time, frame, error);
    }
  }

  #question(time: TileTime, frame: PriceRange): HeatmapQuery {
    // A closed tile always has the same address, so the browser may keep it.
    const closed = time.toMs <= this.#asOfMs ? { asOfMs: this.#asOfMs } : {};
    return { ...this.query, ...this.#rows(frame), ...time, ...closed };
  }

  #rows(frame: PriceRange): PriceRange & { rows: number } {
    const known = this.#dp === null ? null : rowsOver(frame, this.#dp);
    return known ?? { ...frame, rows: this.query.rows ?? ROWS };
  }

  #show(time: TileTime, frame: PriceRange, grid: HeatmapGrid): void {
    this.#asOfMs ||= grid.about.asOfMs;
    this.#tiles.set(time.fromMs, { prices: frame, state: 'ready' });
    this.sink.addTile(grid);
    if (this.#dp === null) {
      this.#dp = grid.dp;
      this.#announce();
    }
    const last = grid.openTimeMs.at(-1) ?? 0;
    for (const column of this.#recent.values()) {
      if (column.openTimeMs >= last && column.openTimeMs < time.toMs) this.sink.setColumn(column);
    }
  }

  #failed(time: TileTime, prices: PriceRange, error: unknown): boolean {
    if (!(error instanceof ProblemError || error instanceof TypeError)) throw error;
    // The server refuses what lies before the first bar; asking again would not help.
    const isEmpty = error instanceof ProblemError && error.status === 400;
    if (isEmpty) this.#tiles.set(time.fromMs, { prices, state: 'empty' });
    else this.#tiles.delete(time.fromMs);
    if (!isEmpty || this.#dp === null) this.sink.problem(error);
    return isEmpty;
  }

  #announce(): void {
    if (this.#frame !== null && this.#dp !== null) {
      this.sink.rowsChanged({ ...this.query, ...this.#rows(this.#frame) });
    }
  }
}

/** Return the part of what can be seen that lies in the frame. */
function clipped(prices: PriceRange, frame: PriceRange | null): PriceRange {
  if (frame === null) return prices;
  return { low: Math.max(prices.low, frame.low), high: Math.min(prices.high, frame.high) };
}
