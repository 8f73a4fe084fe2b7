/** What is attached to a chart, and how. */
import type { HeatmapQuery, ProblemError, StreamState } from '../../client';
import type { HeatmapPrimitiveOptions } from '../heatmap/options';

/** Which part of a heatmap's question an attached one takes; prices and times follow the chart. */
export type HeatmapFilter = Pick<
  HeatmapQuery,
  'venues' | 'mode' | 'side' | 'leverage' | 'maxAge' | 'rows'
>;

/** Options of `attachLiquidationHeatmap`. */
export interface LiquidationHeatmapOptions extends Partial<HeatmapPrimitiveOptions>, HeatmapFilter {
  /** Address of the server, such as `https://heat.example`; empty for the page's own. */
  baseUrl: string;
  /** Ticker as in `/api/v1/symbols`. */
  symbol: string;
  /** Length of a column; that of the chart's bars by default. */
  timeframe?: string;
  /** Follow the server's stream. Default: true. */
  follow?: boolean;
  /** Also draw the strongest bands and the magnets. Default: true. */
  bands?: boolean;
  /** Also draw what stands at each price, at the right edge. Default: true. */
  profile?: boolean;
  /** Also draw realised liquidations. Default: true. */
  events?: boolean;
  /** Asks; the platform's own by default. */
  fetch?: typeof fetch;
  /** Told whether the stream is open. */
  onState?(state: StreamState): void;
  /** Told what could not be loaded; it is tried again when the chart moves. */
  onProblem?(problem: ProblemError | TypeError): void;
}
