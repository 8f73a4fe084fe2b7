/** What can be asked of a liqbands server.  Times are UTC milliseconds, prices quote per base. */

/** Direction of the positions that would be liquidated. */
export type Side = 'long' | 'short';

/** Lengths of time that the server knows by name. */
export type Window = '12h' | '1d' | '3d' | '1w' | '1M' | '3M' | '1y';

/** Which listing, over which venues, as of when. */
export interface SymbolQuery {
  /** Ticker of `symbols()`, or the name alone where it is unique. */
  symbol: string;
  /** Some venues of an aggregate (`ALL:…`); all of them when left out. */
  venues?: readonly string[];
  /** What was learnt later does not count; the newest data when left out. */
  asOfMs?: number;
}

/** Which stretch of time. */
export interface WindowQuery extends SymbolQuery {
  /** First column's open; not together with `window`. */
  fromMs?: number;
  /** Columns open before it; the newest closed bar's end when left out. */
  toMs?: number;
  /** Length of time up to `toMs`, instead of `fromMs`. */
  window?: Window;
}

/** Which columns and rows of a heatmap. */
export interface HeatmapQuery extends WindowQuery {
  /** Length of a column, such as `1h`; the shortest that fits `columns` when left out. */
  timeframe?: string;
  /** At most so many columns. */
  columns?: number;
  /** At most so many price rows. */
  rows?: number;
  /** Lowest and highest price shown; they follow the window when left out. */
  low?: number;
  high?: number;
  /** `smoothed` spreads each row over its neighbours. */
  mode?: 'raw' | 'smoothed';
  side?: 'both' | Side;
  /** One leverage layer only, such as `50-100x`. */
  leverage?: string;
  /** Only what was opened within that time. */
  maxAge?: Window;
}

/** What a stream is about: a heatmap that moves on with time. */
export type StreamQuery = Omit<HeatmapQuery, 'fromMs' | 'toMs' | 'asOfMs'>;

/** The book at which moment. */
export interface MomentQuery extends SymbolQuery {
  /** The close of the last bar that closes by then; of the newest closed bar when left out. */
  toMs?: number;
}

/** Which bands of one book. */
export interface BandsQuery extends MomentQuery {
  side?: 'both' | Side;
  /** At most so many, strongest first. */
  limit?: number;
}

/** Which bands through time. */
export interface BandSlotsQuery extends WindowQuery {
  /** Number of slots. */
  slots: 20 | 32;
  timeframe?: string;
  columns?: number;
}

/** Which prices of a map. */
export interface MapQuery extends MomentQuery {
  low?: number;
  high?: number;
  rows?: number;
}

/** Which realised liquidations. */
export interface LiquidationsQuery extends WindowQuery {
  /** Count into bars of this length, instead of single events. */
  timeframe?: string;
  /** At most so many events, the first of the stretch. */
  limit?: number;
  /** Events to skip. */
  offset?: number;
}

/** Which bars. */
export interface CandlesQuery extends WindowQuery {
  timeframe?: string;
  columns?: number;
  /** At least so many bars up to `toMs`; needs a timeframe. */
  countback?: number;
}

/** How a single request is made. */
export interface RequestOptions {
  /** Ends the request; its promise is then rejected with the signal's reason. */
  signal?: AbortSignal;
}
