/**
 * What a liqbands server answers, in camel case.  Times are UTC milliseconds (`…Ms`), prices quote
 * per base, notional is in quote currency unless `unit` says `relative` (shares of all that stands).
 */
import type { Side } from './queries';

export type * from './live';
export type * from './queries';

/** Unit of every notional of an answer. */
export type Unit = 'quote' | 'relative';

/** How old a venue's data are. */
export interface VenueAge {
  venue: string;
  /** Its ticker there. */
  ticker: string;
  /** Close of its newest bar used. */
  lastCloseMs: number;
  /** From then to `asOfMs`. */
  ageMs: number;
  stale: boolean;
}

/** What an answer rests on. */
export interface About {
  /** What was learnt later was not used. */
  asOfMs: number;
  venues: VenueAge[];
  /** Whether no real market stands behind it. */
  simulated: boolean;
  /** Whether any venue is stale. */
  stale: boolean;
  unit: Unit;
  /** Whether notional counts what is open, would really be closed, or was. */
  quantity: 'standing' | 'expected' | 'realised';
  /** Share of bars with reported open interest, 0 to 1. */
  observedShare: number;
  /** Largest share that may still come from the book's beginning, 0 to 1; warm below 0.05. */
  seedShare: number;
  /** Name, version and digest of the settings. */
  parameters: string;
  /** Digest of all bars used and of the settings. */
  inputHash: string;
  /** Currency of prices; empty where the answer does not say. */
  quote: string;
  /** Share of each venue; empty where the answer does not say. */
  venueShares: Record<string, number>;
  /** Venues that could not be added, with the reason. */
  leftOut: string[];
}

/**
 * A heatmap in bytes: column `c` is the bar that opens at `openTimeMs[c]`, row `r` spans the prices
 * `p0 * exp(r * dp)` to `p0 * exp((r + 1) * dp)`, row 0 is the lowest.
 */
export interface HeatmapGrid {
  symbol: string;
  timeframe: string;
  /** Length of a column. */
  timeframeMs: number;
  /** `max` is `2 ** norm`. */
  norm: number;
  /** Notional of byte 255; byte q stands for `max * (q / 255) ** 2`. */
  max: number;
  unit: Unit;
  columns: number;
  rows: number;
  /** Lower edge of row 0. */
  p0: number;
  /** Height of a row, natural logarithm. */
  dp: number;
  openTimeMs: Float64Array;
  /** `columns * rows` bytes: `cells[c * rows + r]`. */
  cells: Uint8Array;
  /** Row of the mark in each column: longs below, shorts above; -1 or `rows` where outside. */
  splitRow: Int32Array;
  /** Long part of the mark's row, on the scale of the cells. */
  splitLong: Uint8Array;
  /** Mark price at each column's close. */
  mark: Float32Array;
  /** Share that may come from the book's beginning, times 255, rounded up. */
  seedShare: Uint8Array;
  lastIsForming: boolean;
  about: About;
}

/** One bar; null is unknown, undefined was not asked for. */
export interface Bar {
  openTimeMs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  /** Contracts. */
  volume: number | null;
  /** Contracts bought by takers. */
  takerBuyVolume?: number | null;
  /** At its close, in the answer's `openInterestUnit`. */
  openInterest?: number | null;
  /** Last settled one, a fraction. */
  fundingRate?: number | null;
  /** False for the last bar while it goes on. */
  closed: boolean;
}

/** Bars of one listing. */
export interface CandlesAnswer {
  symbol: string;
  timeframe: string;
  fromMs: number;
  toMs: number;
  quote: string;
  openInterestUnit: 'contracts' | 'quote';
  bars: Bar[];
  about: About;
}

/** One zone of dense liquidations. */
export interface Band {
  side: Side;
  /** Lower edge, included. */
  low: number;
  /** Upper edge, not included. */
  high: number;
  /** Middle of its densest bin. */
  peakPrice: number;
  notional: number;
  /** Bounds of the 80 % interval of `notional`. */
  notionalLow: number;
  notionalHigh: number;
  /** `notional` by leverage layer, low leverage first. */
  leverageNotional: Record<string, number>;
  meanAgeMs: number | null;
  /** `peakPrice / mark - 1`, negative for longs. */
  distance: number;
  /** The same in average true ranges. */
  distanceAtr: number | null;
  /** Rank in the book, 0 to 1. */
  strength: number;
  state: 'building' | 'steady' | 'fading';
  /** Since when its peak has been dense and unswept. */
  firstSeenMs: number;
}

/** What every answer about one moment says. */
export interface MomentAnswer {
  symbol: string;
  /** Close of the last bar used. */
  timeMs: number;
  /** Mark price at that close. */
  mark: number;
  quote: string;
  about: About;
}

/** Bands, strongest first. */
export interface BandsAnswer extends MomentAnswer {
  averageTrueRange: number | null;
  bands: Band[];
}

/** One slot of bands; every list is as long as `openTimeMs`, null where the slot is empty. */
export interface BandSlot {
  low: (number | null)[];
  high: (number | null)[];
  peakPrice: (number | null)[];
  notional: (number | null)[];
  /** 1 long, -1 short. */
  side: (number | null)[];
  /** Strength as a step of a palette, 0 to `levels - 1`. */
  level: (number | null)[];
}

/** Bands by slot through time; a band keeps its slot while it lives. */
export interface BandSlotsAnswer {
  symbol: string;
  timeframe: string;
  levels: number;
  openTimeMs: number[];
  slots: BandSlot[];
  about: About;
}

/** Notional per price at one moment; row r spans `edges[r]` to `edges[r + 1]`. */
export interface MapAnswer extends MomentAnswer {
  edges: number[];
  /** Layers, low leverage first. */
  leverageGroups: string[];
  /** By layer, then row. */
  longLayers: number[][];
  shortLayers: number[][];
  /** From the mark down, or up, to each row. */
  longCumulative: number[];
  shortCumulative: number[];
}

/** The numbers above a map; totals count everything on the price grid, not only bands. */
export interface Summary extends MomentAnswer {
  longNotional: number;
  shortNotional: number;
  /** Null when nothing is short. */
  longShortRatio: number | null;
  /** (long - short) / (long + short), -1 to 1. */
  bias: number | null;
  nearestLong: Band | null;
  nearestShort: Band | null;
  strongestLong: Band | null;
  strongestShort: Band | null;
}

/** One realised liquidation. */
export interface Liquidation {
  timeMs: number;
  symbol: string;
  /** Of the position. */
  side: Side;
  price: number;
  contracts: number;
  /** Quote. */
  notional: number;
}

/** The liquidations of one bar. */
export interface LiquidationBar {
  openTimeMs: number;
  longNotional: number;
  shortNotional: number;
  longCount: number;
  shortCount: number;
}

/** Events, or bars with any event where a timeframe was asked for. */
export interface LiquidationsAnswer {
  symbol: string;
  fromMs: number;
  toMs: number;
  timeframe: string | null;
  /** Events in the window, also those that `limit` left out. */
  total: number;
  events: Liquidation[];
  bars: LiquidationBar[];
  /** Number of events to skip for those that follow; null when these are the last. */
  nextOffset: number | null;
  about: About;
}

/** One thing to ask for. */
export interface Listing {
  /** Its ticker. */
  symbol: string;
  description: string;
  /** Such as `perpetual`. */
  kind: string;
  quote: string;
  /** Whether it adds up several venues. */
  aggregate: boolean;
  simulated: boolean;
  timeframes: string[];
  /** Open of its first bar. */
  firstOpenMs: number;
  stale: boolean;
  venues: VenueAge[];
}
