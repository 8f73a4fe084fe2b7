/** What an indicator remembers from bar to bar, and the symbols that it looks at. */
import type { ChartBar } from '../datafeed-api';
import type { PineSeries, PineSymbol } from '../study-api';
import { check } from './documented';

/** A symbol with the bars that a calculation walks along. */
export class StrictSymbol {
  /** Place of the bar that has been reached; -1 before the first. */
  place = -1;

  constructor(
    readonly ticker: string,
    readonly bars: readonly ChartBar[],
  ) {}

  /** The bar that has been reached. */
  get bar(): ChartBar | undefined {
    return this.bars[this.place];
  }

  /** Return what a calculation sees of it. */
  seen(): PineSymbol {
    return { time: this.bar?.time ?? Number.NaN, ticker: this.ticker };
  }
}

/** A series along the bars of the symbol that was selected when it was made. */
export class StrictSeries implements PineSeries {
  readonly #values: number[] = [];

  constructor(readonly symbol: StrictSymbol) {}

  /** Remember a number for the bar that has been reached. */
  set(value: number): void {
    if (this.symbol.place >= 0) this.#values[this.symbol.place] = value;
  }

  /** Return the number of bars ago. */
  get(ago: number): number {
    return this.#values[this.symbol.place - ago] ?? Number.NaN;
  }

  adopt(sourceTimes: PineSeries, destinationTimes: PineSeries, mode: 0 | 1): number {
    check(sourceTimes instanceof StrictSeries, 'source must be a series');
    check(destinationTimes instanceof StrictSeries, 'destination must be a series');
    check(sourceTimes.symbol === this.symbol, 'source times must be those of the values');
    const place = sourceTimes.placeOf(destinationTimes.get(0));
    const isUsed = mode === 1 && place === sourceTimes.placeOf(destinationTimes.get(1));
    return isUsed ? Number.NaN : (this.#values[place] ?? Number.NaN);
  }

  /** Return the last place whose time is not after a time; -1 before all of them. */
  placeOf(time: number): number {
    return this.#values.findLastIndex((known) => known <= time);
  }
}
