/**
 * A strict fake of what TradingView's chart library does with a datafeed.
 *
 * It was written from the published documentation; the library itself was never run.  It asks as
 * the library does and throws where an answer breaks a documented rule: called back while it was
 * still asking, twice, out of order, with keys or times that are not allowed.
 */
import type {
  ChartBar,
  Datafeed,
  DatafeedConfiguration,
  HistoryMetadata,
  LibrarySymbolInfo,
  Mark,
  PeriodParams,
  QuoteData,
  SearchSymbolResultItem,
  TimescaleMark,
} from '../datafeed-api';
import { check, checkKeys, UndocumentedError } from './documented';
import { checkAnswer, checkBar, checkMarks } from './strict-bars';
import { checkConfiguration, checkFound, checkQuotes, checkSymbol } from './strict-symbols';

const EARLIEST_SECONDS = 1_000_000_000;
const LATEST_SECONDS = 100_000_000_000;

/** What the datafeed said instead of an answer. */
export class RefusedError extends Error {}

/** The bars of one symbol and resolution, as the library keeps them. */
export class Dataset {
  /** Oldest first. */
  bars: ChartBar[] = [];
  /** How often the datafeed said that they are out of date. */
  resets = 0;
  /** Called with every live bar. */
  onTick: (bar: ChartBar) => void = () => undefined;

  constructor(
    readonly symbol: LibrarySymbolInfo,
    readonly resolution: string,
  ) {}

  /** Take in bars of the past, those that are known once more or further back. */
  add(bars: readonly ChartBar[]): void {
    const all = new Map([...this.bars, ...bars].map((bar) => [bar.time, bar]));
    this.bars = [...all.values()].sort((a, b) => a.time - b.time);
  }

  /** Take in a live bar: the last one again, or a newer one. */
  put(bar: ChartBar): void {
    checkBar(bar, this.resolution);
    const last = this.bars.at(-1);
    check(!last || bar.time >= last.time, 'time violation: a live bar before the last one');
    if (last?.time === bar.time) this.bars.pop();
    this.bars.push(bar);
    this.onTick(bar);
  }
}

/** Drives a datafeed. */
export class StrictLibrary {
  /** What was broken in callbacks, where a throw may be lost. */
  readonly broken: string[] = [];
  readonly #datafeed: Datafeed;
  #subscribers = 0;

  constructor(datafeed: Datafeed) {
    this.#datafeed = datafeed;
  }

  /** Throw if any rule has been broken so far. */
  verify(): void {
    check(this.broken.length === 0, this.broken.join('; '));
  }

  ready(): Promise<DatafeedConfiguration> {
    return this.#once('onReady', checkConfiguration, (give) => this.#datafeed.onReady(give));
  }

  search(text: string, exchange = '', type = ''): Promise<SearchSymbolResultItem[]> {
    return this.#once('searchSymbols', checkFound, (give) =>
      this.#datafeed.searchSymbols(text, exchange, type, give),
    );
  }

  resolve(name: string): Promise<LibrarySymbolInfo> {
    return this.#once('resolveSymbol', checkSymbol, (give, refuse) =>
      this.#datafeed.resolveSymbol(name, give, refuse),
    );
  }

  /** Ask for bars, and keep them in the dataset. */
  async bars(dataset: Dataset, period: PeriodParams): Promise<HistoryMetadata> {
    const { symbol, resolution } = dataset;
    const checked = ({ bars, meta }: Answer) => checkAnswer(bars, meta, period, resolution);
    const { bars, meta } = await this.#once<Answer>('getBars', checked, (give, refuse) =>
      this.#datafeed.getBars(
        symbol,
        resolution,
        period,
        (bars, meta = {}) => give({ bars, meta }),
        refuse,
      ),
    );
    dataset.add(bars);
    return meta;
  }

  /** Follow live bars; returns how to stop. */
  subscribe(dataset: Dataset): () => void {
    const listener = `listener ${this.#subscribers++}`;
    let isListening = true;
    const tick = (bar: ChartBar) =>
      this.#noting(() => {
        check(isListening, 'subscribeBars: told after unsubscribeBars');
        dataset.put(structuredClone(bar));
      });
    const reset = () => {
      dataset.resets += 1;
      dataset.bars = [];
    };
    const { symbol, resolution } = dataset;
    this.#datafeed.subscribeBars(symbol, resolution, tick, listener, reset);
    return () => {
      isListening = false;
      this.#datafeed.unsubscribeBars(listener);
    };
  }

  marks(dataset: Dataset): Promise<Mark[]> {
    const { symbol, resolution } = dataset;
    const { from, to, times } = rangeOf(dataset);
    const rules = (marks: Mark[]) => {
      checkMarks(marks, times);
      const keys = ['id', 'time', 'color', 'text', 'label', 'labelFontColor', 'minSize'];
      for (const mark of marks) checkKeys('a mark', mark, keys);
    };
    return this.#once('getMarks', rules, (give) =>
      this.#datafeed.getMarks(symbol, from, to, give, resolution),
    );
  }

  timescaleMarks(dataset: Dataset): Promise<TimescaleMark[]> {
    const { symbol, resolution } = dataset;
    const { from, to, times } = rangeOf(dataset);
    const rules = (marks: TimescaleMark[]) => {
      checkMarks(marks, times);
      for (const mark of marks) {
        checkKeys('a mark', mark, ['id', 'time', 'color', 'label', 'tooltip']);
      }
    };
    return this.#once('getTimescaleMarks', rules, (give) =>
      this.#datafeed.getTimescaleMarks(symbol, from, to, give, resolution),
    );
  }

  serverTime(): Promise<number> {
    const rule = (seconds: number) => {
      const isSeconds = seconds > EARLIEST_SECONDS && seconds < LATEST_SECONDS;
      check(Number.isInteger(seconds) && isSeconds, 'server time must be whole seconds');
    };
    return this.#once('getServerTime', rule, (give) => this.#datafeed.getServerTime(give));
  }

  quotes(symbols: string[]): Promise<QuoteData[]> {
    const rule = (quotes: QuoteData[]) => checkQuotes(quotes, symbols);
    return this.#once('getQuotes', rule, (give, refuse) =>
      this.#datafeed.getQuotes(symbols, give, refuse),
    );
  }

  /** Follow quotes; returns how to stop. */
  followQuotes(
    symbols: string[],
    fastSymbols: string[],
    onQuotes: (quotes: QuoteData[]) => void,
  ): () => void {
    const listener = `listener ${this.#subscribers++}`;
    let isListening = true;
    const take = (quotes: QuoteData[]) =>
      this.#noting(() => {
        check(isListening, 'subscribeQuotes: told after unsubscribeQuotes');
        checkQuotes(quotes, [...symbols, ...fastSymbols]);
        onQuotes(quotes);
      });
    this.#datafeed.subscribeQuotes(symbols, fastSymbols, take, listener);
    return () => {
      isListening = false;
      this.#datafeed.unsubscribeQuotes(listener);
    };
  }

  /** Ask something that must be answered once, later, and as documented. */
  #once<T>(
    what: string,
    rules: (answer: T) => void,
    ask: (give: (answer: T) => void, refuse: (reason: string) => void) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      let [isAsking, isAnswered] = [true, false];
      const answered = () => {
        check(!isAsking, `${what}: called back while it was asked`);
        check(!isAnswered, `${what}: called back twice`);
        isAnswered = true;
      };
      const failing = (work: () => void) => this.#noting(work, reject);
      const give = (answer: T) =>
        failing(() => {
          answered();
          rules(answer);
          resolve(answer);
        });
      const refuse = (reason: string) =>
        failing(() => {
          answered();
          check(typeof reason === 'string' && reason !== '', `${what}: a reason must be text`);
          reject(new RefusedError(reason));
        });
      ask(give, refuse);
      isAsking = false;
    });
  }

  #noting(work: () => void, reject: (error: unknown) => void = () => undefined): void {
    try {
      work();
    } catch (error) {
      if (error instanceof UndocumentedError) this.broken.push(error.message);
      reject(error);
    }
  }
}

interface Answer {
  readonly bars: ChartBar[];
  readonly meta: HistoryMetadata;
}

function rangeOf({ bars }: Dataset): { from: number; to: number; times: ReadonlySet<number> } {
  const times = bars.map(({ time }) => time);
  const seconds = (time: number | undefined) => (time ?? 0) / 1000;
  return { from: seconds(times[0]), to: seconds(times.at(-1)) + 1, times: new Set(times) };
}
