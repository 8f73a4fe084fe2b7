/**
 * A datafeed for TradingView's Advanced Charts and Trading Platform: symbols, bars, marks and
 * quotes from the UDF endpoints of a liqbands server, live bars from its streams.
 */
import { barMethods } from './bars';
import { type ConnectionOptions, connectionTo } from './connection';
import type { Datafeed } from './datafeed-api';
import { quoteMethods } from './quotes';
import { markMethods, symbolMethods } from './questions';

/** How a datafeed is made. */
export interface DatafeedOptions extends ConnectionOptions {
  /**
   * Called after the chart was told that its bars are out of date.  The chart asks for them again
   * when it is told to: `() => widget.activeChart().resetData()`.
   */
  readonly onReload?: () => void;
}

/**
 * Return a datafeed for `new TradingView.widget({ datafeed, … })`: a plain object, whose functions
 * may be called on their own.
 *
 * @example createDatafeed({ baseUrl: 'https://bands.example' })
 */
export function createDatafeed(options: DatafeedOptions): Datafeed {
  const connection = connectionTo(options);
  return {
    ...symbolMethods(connection.udf),
    ...barMethods(connection, options.onReload ?? (() => undefined)),
    ...markMethods(connection.udf),
    ...quoteMethods(connection.udf),
  };
}
