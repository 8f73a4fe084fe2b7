/**
 * liqbands for TradingView's Advanced Charts and Trading Platform: a datafeed, indicators that draw
 * bands, and what keeps them up to date.  The chart library is not part of it.
 */
export {
  type AttachedBands,
  type AttachOptions,
  attachLiquidationBands,
  type Overlay,
} from './attach';
export { BAND_STUDY, liquidationBandsStudy, type StudyOptions } from './band-study';
export {
  BAND_SYMBOLS_STUDY,
  liquidationBandSymbolsStudy,
  type SymbolsStudyOptions,
} from './band-symbols-study';
export type { ChartWidgetApi } from './chart-api';
export { type Connection, type ConnectionOptions, connectionTo } from './connection';
export { createDatafeed, type DatafeedOptions } from './datafeed';
export type { Datafeed } from './datafeed-api';
export type { CustomIndicator, PineJs } from './study-api';
