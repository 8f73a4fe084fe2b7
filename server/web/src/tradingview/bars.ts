/** Bars of the past and bars as they happen, for a chart. */
import type { Connection } from './connection';
import type { Datafeed } from './datafeed-api';
import { barsOf, type HistoryAnswer, metadataOf } from './history';
import { LiveBars } from './live-bars';
import { askUdf, tickerOf } from './questions';

/** The parts of a datafeed that give bars. */
export type BarMethods = Pick<Datafeed, 'getBars' | 'subscribeBars' | 'unsubscribeBars'>;

/** Open of the newest bar that a chart was given, milliseconds, by ticker and resolution. */
type NewestBars = Map<string, number>;

/**
 * Return the methods that give bars.
 *
 * @param connection - To the server.
 * @param onReload - Called after a chart was told to forget its bars.
 */
export function barMethods(connection: Connection, onReload: () => void): BarMethods {
  const newest: NewestBars = new Map();
  return {
    getBars: pastBars(connection, newest),
    ...liveMethods(connection, newest, onReload),
  };
}

function pastBars(connection: Connection, newest: NewestBars): Datafeed['getBars'] {
  return (symbolInfo, resolution, period, onResult, onError) => {
    const { from, to, countBack: countback, firstDataRequest } = period;
    const symbol = tickerOf(symbolInfo);
    const key = `${symbol} ${resolution}`;
    const give = (answer: HistoryAnswer) => {
      const bars = barsOf(answer);
      const lastMs = bars.at(-1)?.time ?? 0;
      if (firstDataRequest || lastMs > (newest.get(key) ?? 0)) newest.set(key, lastMs);
      onResult(bars, metadataOf(answer));
    };
    const question = { symbol, resolution, from, to, countback };
    askUdf(connection.udf, 'history', question, give, (error) => onError(error.message));
  };
}

function liveMethods(
  connection: Connection,
  newest: NewestBars,
  onReload: () => void,
): Omit<BarMethods, 'getBars'> {
  const live = new Map<string, LiveBars>();
  const unsubscribeBars = (listenerGuid: string) => {
    live.get(listenerGuid)?.close();
    live.delete(listenerGuid);
  };
  return {
    unsubscribeBars,
    subscribeBars(symbolInfo, resolution, onTick, listenerGuid, onResetCacheNeeded) {
      unsubscribeBars(listenerGuid);
      const ticker = tickerOf(symbolInfo);
      const lastMs = newest.get(`${ticker} ${resolution}`) ?? 0;
      const reload = () => {
        onResetCacheNeeded();
        onReload();
      };
      const listener = { ticker, resolution, lastMs, onTick, onReload: reload };
      live.set(listenerGuid, new LiveBars(connection, listener));
    },
  };
}
