/**
 * What TradingView's charts call on a datafeed, in our own words and only as far as we use it.
 * Times of bars are UTC milliseconds, all others seconds, as the charts have them.
 */

/** Length of a bar as charts name it: minutes such as `60`, or `1D`, `1W`, `1M`. */
export type ResolutionString = string;

/** What a datafeed can do. */
export interface DatafeedConfiguration {
  supported_resolutions?: ResolutionString[];
  /** Filter of the symbol search; `value` is handed to `searchSymbols`, empty for all. */
  exchanges?: { value: string; name: string; desc: string }[];
  symbols_types?: { name: string; value: string }[];
  supports_marks?: boolean;
  supports_timescale_marks?: boolean;
  supports_time?: boolean;
  supports_search?: boolean;
  supports_group_request?: boolean;
}

/** One instrument, as a chart needs to know it. */
export interface LibrarySymbolInfo {
  name: string;
  /** Unique; what a chart hands back. */
  ticker?: string;
  description: string;
  type: string;
  session: string;
  /** Olson name, such as `Etc/UTC`. */
  timezone: string;
  exchange: string;
  listed_exchange: string;
  minmov: number;
  /** A tick is `minmov / pricescale`. */
  pricescale: number;
  format: 'price' | 'volume';
  has_intraday?: boolean;
  has_daily?: boolean;
  has_weekly_and_monthly?: boolean;
  supported_resolutions?: ResolutionString[];
  intraday_multipliers?: string[];
  visible_plots_set?: 'ohlcv' | 'ohlc' | 'c';
  volume_precision?: number;
  data_status?: 'streaming' | 'endofday' | 'delayed_streaming';
}

/** One line of the symbol search. */
export interface SearchSymbolResultItem {
  symbol: string;
  description: string;
  exchange: string;
  ticker?: string;
  type: string;
}

/** One bar; `time` is when it opens, in milliseconds. */
export interface ChartBar {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume?: number;
}

/** Which bars a chart wants: all that open in `[from, to)`, and earlier ones up to `countBack`. */
export interface PeriodParams {
  from: number;
  to: number;
  countBack: number;
  /** Whether it is the first question about this symbol and resolution. */
  firstDataRequest: boolean;
}

/** What is said beside bars. */
export interface HistoryMetadata {
  /** Nothing is older than what was asked for. */
  noData?: boolean;
  /** Open of the newest bar before what was asked for, milliseconds. */
  nextTime?: number;
}

/** A mark on a bar; `time` is a bar's open in seconds. */
export interface Mark {
  id: string | number;
  time: number;
  color: string | { border: string; background: string };
  text: string;
  label: string;
  labelFontColor: string;
  minSize: number;
}

/** A mark on the time axis; `time` is a bar's open in seconds. */
export interface TimescaleMark {
  id: string | number;
  time: number;
  color: string;
  label: string;
  tooltip: string[];
}

/** Last price and the day's figures of a symbol. */
export interface QuoteData {
  s: 'ok' | 'error';
  /** The symbol exactly as it was asked for. */
  n: string;
  v: Readonly<Record<string, string | number>>;
}

export type OnReadyCallback = (configuration: DatafeedConfiguration) => void;
export type SearchSymbolsCallback = (items: SearchSymbolResultItem[]) => void;
export type ResolveCallback = (symbolInfo: LibrarySymbolInfo) => void;
export type HistoryCallback = (bars: ChartBar[], meta?: HistoryMetadata) => void;
export type SubscribeBarsCallback = (bar: ChartBar) => void;
export type ErrorCallback = (reason: string) => void;
export type QuotesCallback = (quotes: QuoteData[]) => void;

/** Everything that a chart, or the Trading Platform, calls. */
export interface Datafeed {
  onReady(callback: OnReadyCallback): void;
  searchSymbols(
    userInput: string,
    exchange: string,
    symbolType: string,
    onResult: SearchSymbolsCallback,
  ): void;
  resolveSymbol(symbolName: string, onResolve: ResolveCallback, onError: ErrorCallback): void;
  getBars(
    symbolInfo: LibrarySymbolInfo,
    resolution: ResolutionString,
    periodParams: PeriodParams,
    onResult: HistoryCallback,
    onError: ErrorCallback,
  ): void;
  subscribeBars(
    symbolInfo: LibrarySymbolInfo,
    resolution: ResolutionString,
    onTick: SubscribeBarsCallback,
    listenerGuid: string,
    onResetCacheNeededCallback: () => void,
  ): void;
  unsubscribeBars(listenerGuid: string): void;
  getMarks(
    symbolInfo: LibrarySymbolInfo,
    from: number,
    to: number,
    onDataCallback: (marks: Mark[]) => void,
    resolution: ResolutionString,
  ): void;
  getTimescaleMarks(
    symbolInfo: LibrarySymbolInfo,
    from: number,
    to: number,
    onDataCallback: (marks: TimescaleMark[]) => void,
    resolution: ResolutionString,
  ): void;
  getServerTime(callback: (seconds: number) => void): void;
  getQuotes(
    symbols: string[],
    onDataCallback: QuotesCallback,
    onErrorCallback: ErrorCallback,
  ): void;
  subscribeQuotes(
    symbols: string[],
    fastSymbols: string[],
    onRealtimeCallback: QuotesCallback,
    listenerGUID: string,
  ): void;
  unsubscribeQuotes(listenerGUID: string): void;
}
