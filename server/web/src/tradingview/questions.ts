/** What a chart asks once and is answered once: what there is, symbols, marks, the time. */
import type {
  Datafeed,
  DatafeedConfiguration,
  LibrarySymbolInfo,
  Mark,
  SearchSymbolResultItem,
  TimescaleMark,
} from './datafeed-api';
import { type UdfClient, UdfError, type UdfParameters } from './udf-client';

const MOST_FOUND = 30;
const NOT_FOUND = 404;

/** What is told to a chart that could not be told the server's own configuration. */
const PLAIN_CONFIGURATION: DatafeedConfiguration = {
  supported_resolutions: ['1', '5', '15', '60', '240', '1D', '1W', '1M'],
  supports_marks: true,
  supports_timescale_marks: true,
  supports_time: true,
};

/** The parts of a datafeed that say what there is. */
export type SymbolMethods = Pick<Datafeed, 'onReady' | 'searchSymbols' | 'resolveSymbol'>;

/** The parts of a datafeed that say what happened when. */
export type MarkMethods = Pick<Datafeed, 'getMarks' | 'getTimescaleMarks' | 'getServerTime'>;

/**
 * Ask, and call one of two functions later: a chart must not be answered while it asks.
 *
 * An error in the chart's own function is none of the server's, so it does not reach `onError`.
 */
export function askUdf<Answer>(
  udf: UdfClient,
  path: string,
  parameters: UdfParameters,
  onAnswer: (answer: Answer) => void,
  onError: (error: Error) => void,
): void {
  udf.ask(path, parameters).then((answer) => onAnswer(answer as Answer), onError);
}

/** Return what a symbol is called in questions. */
export function tickerOf(symbolInfo: LibrarySymbolInfo): string {
  return symbolInfo.ticker ?? symbolInfo.name;
}

/** Return the methods that say what there is. */
export function symbolMethods(udf: UdfClient): SymbolMethods {
  return {
    onReady(callback) {
      askUdf<DatafeedConfiguration>(udf, 'config', {}, callback, () =>
        callback(PLAIN_CONFIGURATION),
      );
    },
    searchSymbols(query, exchange, type, onResult) {
      const question = { query, type, exchange, limit: MOST_FOUND };
      askUdf<SearchSymbolResultItem[]>(udf, 'search', question, onResult, () => onResult([]));
    },
    resolveSymbol(symbol, onResolve, onError) {
      const refuse = (error: Error) => onError(isUnknown(error) ? 'unknown_symbol' : error.message);
      askUdf<LibrarySymbolInfo>(udf, 'symbols', { symbol }, onResolve, refuse);
    },
  };
}

/** Return the methods that say what happened when. */
export function markMethods(udf: UdfClient): MarkMethods {
  return {
    getMarks(symbolInfo, from, to, onData, resolution) {
      const question = { symbol: tickerOf(symbolInfo), from, to, resolution };
      askUdf<Mark[]>(udf, 'marks', question, onData, () => onData([]));
    },
    getTimescaleMarks(symbolInfo, from, to, onData, resolution) {
      const question = { symbol: tickerOf(symbolInfo), from, to, resolution };
      askUdf<TimescaleMark[]>(udf, 'timescale_marks', question, onData, () => onData([]));
    },
    getServerTime(callback) {
      const ownTime = () => callback(Math.floor(Date.now() / 1000));
      askUdf<number>(udf, 'time', {}, callback, ownTime);
    },
  };
}

function isUnknown(error: Error): boolean {
  return error instanceof UdfError && error.status === NOT_FOUND;
}
