/** A small server of bars: `/udf/history` by the documented rule, and bars on its streams. */
import type { ChartBar, LibrarySymbolInfo } from '../datafeed-api';
import { barAt, type MarketBar, type Random } from './small-market';
import { SmallServer } from './small-server';

/** The one symbol. */
export const SYMBOL: LibrarySymbolInfo = {
  name: 'SIM',
  ticker: 'SIMULATED:SIM',
  description: 'A simulated market',
  type: 'crypto',
  session: '24x7',
  timezone: 'Etc/UTC',
  exchange: 'SIMULATED',
  listed_exchange: 'SIMULATED',
  minmov: 1,
  pricescale: 100,
  format: 'price',
};

const MINUTE = 60;

/** Bars of one minute, the last of which is forming. */
export class BarServer extends SmallServer {
  readonly #bars: MarketBar[];
  /** Bars before this one are not told of any more. */
  #oldestTold = 0;

  /** @param isServed - Whether `/udf/history` has the bar that opens at a time just now. */
  constructor(bars: MarketBar[], isServed: (t: number) => boolean = () => true) {
    super({
      '/udf/history': (question) =>
        historyOf(
          bars.filter(({ t }) => isServed(t)),
          question,
        ),
      '/udf/quotes': (question) => quotesOf(bars, question),
    });
    this.#bars = bars;
    this.onOpen = () => this.tellLast();
  }

  /** Bars as a chart must have them. */
  get chartBars(): ChartBar[] {
    return this.#bars.map(({ t, ...rest }) => ({ time: t * 1000, ...rest }));
  }

  /** Let the last bar change, without telling anybody. */
  change(random: Random): void {
    const last = this.#bars.at(-1);
    if (!last) return;
    last.close *= 1 + (random.next() - 0.5) / 100;
    last.high = Math.max(last.high, last.close);
    last.low = Math.min(last.low, last.close);
    last.volume += 1;
  }

  /** Close the last bar, which is told or not, and begin a new one within minutes, which is not. */
  begin(random: Random, isTold = true): void {
    this.#push(random, isTold ? random.whole(1, 3) : 1);
    if (isTold) this.tellLast(1);
  }

  /** Close the last bar and begin a new one, which is told first. */
  beginEarly(random: Random): void {
    this.change(random);
    this.#push(random, 1);
    this.tellLast(0);
    this.tellLast(1);
  }

  /** Begin several bars of which nobody is told, as when very many come at once. */
  skip(random: Random): void {
    for (let i = 0; i < 3; i++) this.#push(random, 1);
    this.#oldestTold = this.#bars.length - 1;
    this.tellLast();
  }

  #push(random: Random, minutes: number): void {
    const last = this.#bars.at(-1);
    if (last) this.#bars.push(barAt(random, last.t + MINUTE * minutes, last.close));
  }

  /** Tell the streams how the last bar looks; `ago` takes an earlier one. */
  tellLast(ago = 0): void {
    const newest = this.#bars.length - 1;
    const place = Math.max(newest - ago, this.#oldestTold);
    const bar = this.#bars[place];
    if (bar) this.tell(SYMBOL.ticker ?? '', 'bar', { ...bar, closed: place < newest });
  }
}

function historyOf(bars: readonly MarketBar[], question: URLSearchParams): object {
  const [from, to, countback] = ['from', 'to', 'countback'].map((name) =>
    Number(question.get(name) ?? 0),
  ) as [number, number, number];
  const before = bars.filter(({ t }) => t < to);
  const within = before.filter(({ t }) => t >= from).length;
  const count = Math.max(within, countback > 0 ? Math.max(countback, 2) : 0);
  const found = before.slice(Math.max(0, before.length - count));
  if (found.length === 0 || count === 0) return { s: 'no_data' };
  const column = (name: keyof MarketBar) => found.map((bar) => bar[name]);
  return {
    s: 'ok',
    t: column('t'),
    o: column('open'),
    h: column('high'),
    l: column('low'),
    c: column('close'),
    v: column('volume'),
  };
}

function quotesOf(bars: readonly MarketBar[], question: URLSearchParams): object {
  const lp = bars.at(-1)?.close ?? 1;
  const symbols = (question.get('symbols') ?? '').split(',').filter((name) => name !== '');
  const quotes = symbols.map((n) => ({ s: 'ok', n, v: { lp, bid: lp, ask: lp + 0.01 } }));
  return { s: 'ok', d: quotes };
}
