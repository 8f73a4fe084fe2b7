/** The documented rules for configurations, symbols, search results and quotes. */
import type {
  DatafeedConfiguration,
  LibrarySymbolInfo,
  QuoteData,
  SearchSymbolResultItem,
} from '../datafeed-api';
import { check, checkKeys } from './documented';

const RESOLUTION = /^(\d+|\d*[DWM])$/;

/** Throw unless a configuration is one. */
export function checkConfiguration(configuration: DatafeedConfiguration): void {
  checkKeys(
    'the configuration',
    configuration,
    ['supported_resolutions'],
    [
      'exchanges',
      'symbols_types',
      'supports_marks',
      'supports_timescale_marks',
      'supports_time',
      'supports_search',
      'supports_group_request',
      'currency_codes',
      'units',
      'symbols_grouping',
    ],
  );
  checkResolutions(configuration.supported_resolutions ?? []);
  for (const one of configuration.exchanges ?? []) {
    checkKeys('an exchange', one, ['value', 'name', 'desc']);
  }
  for (const one of configuration.symbols_types ?? []) checkKeys('a type', one, ['name', 'value']);
}

const SYMBOL_REQUIRED = [
  'name',
  'description',
  'type',
  'session',
  'timezone',
  'exchange',
  'listed_exchange',
  'minmov',
  'pricescale',
  'format',
];
const SYMBOL_OPTIONAL = [
  'ticker',
  'has_intraday',
  'has_daily',
  'has_weekly_and_monthly',
  'supported_resolutions',
  'intraday_multipliers',
  'visible_plots_set',
  'volume_precision',
  'data_status',
];

/** Throw unless a symbol is described as a chart needs it. */
export function checkSymbol(symbol: LibrarySymbolInfo): void {
  checkKeys('a symbol', symbol, SYMBOL_REQUIRED, SYMBOL_OPTIONAL);
  check(symbol.minmov >= 1, 'minmov must be at least 1');
  check(
    Number.isInteger(symbol.pricescale) && symbol.pricescale > 0,
    'pricescale must be positive',
  );
  checkResolutions(symbol.supported_resolutions ?? []);
}

/** Throw unless search results are ones. */
export function checkFound(items: SearchSymbolResultItem[]): void {
  for (const item of items) {
    checkKeys(
      'a search result',
      item,
      ['symbol', 'description', 'exchange', 'type'],
      ['ticker', 'full_name'],
    );
  }
}

/** Throw unless quotes are those of the symbols that were asked for, in their very words. */
export function checkQuotes(quotes: readonly QuoteData[], symbols: readonly string[]): void {
  for (const quote of quotes) {
    checkKeys('a quote', quote, ['s', 'n', 'v']);
    check(symbols.includes(quote.n), `a quote must be of a symbol asked for, was of ${quote.n}`);
    if (quote.s === 'error') continue;
    const { lp, bid, ask } = quote.v;
    for (const price of [lp, bid, ask]) {
      check(typeof price === 'number' && price > 0, 'lp, bid and ask must be positive');
    }
  }
}

function checkResolutions(names: readonly string[]): void {
  for (const name of names) check(RESOLUTION.test(name), `'${name}' is no resolution`);
}
