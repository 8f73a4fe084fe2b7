/**
 * A strict fake of how TradingView's chart library calculates a custom indicator: once without any
 * bar, then for each bar of further symbols, then for each bar of the chart's own.
 */
import type { ChartBar } from '../datafeed-api';
import type { CustomIndicator, PineContext, PineJs, PineSeries, PineStudy } from '../study-api';
import { check, documented } from './documented';
import { checkIndicator } from './strict-metainfo';
import { StrictSeries, StrictSymbol } from './strict-series';

/** Bars of further symbols; undefined for one that does not exist. */
export type BarsOf = (ticker: string, period: string) => readonly ChartBar[] | undefined;

/** What the chart shows. */
export interface StudyChart {
  readonly ticker: string;
  readonly period: string;
  readonly bars: readonly ChartBar[];
  readonly barsOf?: BarsOf;
}

const contexts = new WeakMap<object, StrictContext>();

function contextOf(context: PineContext): StrictContext {
  const known = contexts.get(context);
  check(known !== undefined, 'PineJS must be called with the context of the calculation');
  return known;
}

/** What the library hands to `custom_indicators_getter`. */
export const STRICT_PINE: PineJs = documented('PineJS', {
  Std: documented('PineJS.Std', {
    period: (context: PineContext) => contextOf(context).chart.period,
    ticker: (context: PineContext) => contextOf(context).selected.ticker,
    high: (context: PineContext) => contextOf(context).selected.bar?.high ?? Number.NaN,
    low: (context: PineContext) => contextOf(context).selected.bar?.low ?? Number.NaN,
    volume: (context: PineContext) => contextOf(context).selected.bar?.volume ?? Number.NaN,
  }),
});

class StrictContext {
  readonly symbols: StrictSymbol[];
  readonly proxy: PineContext;
  readonly #series: StrictSeries[] = [];
  #selected = 0;
  #calls = 0;
  /** Calls of `new_unlimited_var` in one `main`; the library tells them apart by their order. */
  #callsPerBar: number | null = null;
  canAskForSymbols = true;

  constructor(readonly chart: StudyChart) {
    this.symbols = [new StrictSymbol(chart.ticker, chart.bars)];
    const seen = () => this.selected.seen();
    this.proxy = documented('the context', {
      get symbol() {
        return seen();
      },
      new_sym: (ticker: string, period: string) => this.#ask(ticker, period),
      select_sym: (index: number) => {
        check(index in this.symbols, `select_sym: there is no symbol ${index}`);
        this.#selected = index;
      },
      new_unlimited_var: (value: number) => this.#remember(value),
    });
    contexts.set(this.proxy, this);
  }

  get selected(): StrictSymbol {
    return this.symbols[this.#selected] as StrictSymbol;
  }

  /** Begin one call of `main`, and end it. */
  during<T>(work: () => T): T {
    this.#calls = 0;
    const result = work();
    check(this.#selected === 0, "main must select the chart's own symbol in the end");
    this.#callsPerBar ??= this.#calls;
    check(this.#callsPerBar === this.#calls, 'main must always remember the same numbers');
    return result;
  }

  #ask(ticker: string, period: string): void {
    check(this.canAskForSymbols, 'new_sym must be called in init');
    check(period === this.chart.period, 'new_sym must ask for the period of the chart');
    const bars = this.chart.barsOf?.(ticker, period);
    check(bars !== undefined, `study error: there is no symbol ${ticker}`);
    this.symbols.push(new StrictSymbol(ticker, bars));
  }

  #remember(value: number): PineSeries {
    check(typeof value === 'number', 'a series must be made of numbers');
    const series = this.#series[this.#calls] ?? new StrictSeries(this.selected);
    check(series.symbol === this.selected, 'a series must always be of the same symbol');
    this.#series[this.#calls++] = series;
    series.set(value);
    return series;
  }
}

/** An indicator on a chart. */
export class StrictStudy {
  readonly indicator: CustomIndicator;
  /** How often it was calculated from scratch. */
  calculations = 0;
  #inputs: number[];
  #chart: StudyChart;
  #rows: number[][] = [];

  constructor(indicator: CustomIndicator, chart: StudyChart) {
    checkIndicator(indicator);
    this.indicator = indicator;
    this.#inputs = indicator.metainfo.inputs.map(({ defval }) => defval);
    this.#chart = chart;
    this.calculate();
  }

  /** Values by bar, one per plot. */
  get rows(): readonly (readonly number[])[] {
    return this.#rows;
  }

  /** Return a slot's values through time: lows, highs and numbers of colours. */
  slot(number: number): { low: number[]; high: number[]; level: number[] } {
    const column = (at: number) => this.#rows.map((row) => row[3 * number + at] ?? Number.NaN);
    return { low: column(0), high: column(1), level: column(2) };
  }

  /** Show something else, or more of the same. */
  show(chart: StudyChart): void {
    this.#chart = chart;
    this.calculate();
  }

  /** Set inputs by id; what does not change anything is ignored. */
  setInputs(values: readonly { id: string; value: number }[]): void {
    const { inputs } = this.indicator.metainfo;
    let isNew = false;
    for (const { id, value } of values) {
      const place = inputs.findIndex((input) => input.id === id);
      check(place >= 0, `there is no input ${id}`);
      check(Number.isInteger(value), `input ${id} must be an integer`);
      isNew ||= this.#inputs[place] !== value;
      this.#inputs[place] = value;
    }
    if (isNew) this.calculate();
  }

  /** Calculate from scratch. */
  calculate(): void {
    this.calculations += 1;
    const study = new this.indicator.constructor();
    const input = (index: number) => this.#inputs[index];
    const empty = new StrictContext(this.#chart);
    study.init?.(empty.proxy, input);
    this.#main(study, empty);
    const context = new StrictContext(this.#chart);
    study.init?.(context.proxy, input);
    context.canAskForSymbols = false;
    const [own, ...further] = context.symbols as [StrictSymbol, ...StrictSymbol[]];
    for (const symbol of further) this.#walk(study, context, symbol);
    this.#rows = this.#walk(study, context, own);
  }

  #walk(study: PineStudy, context: StrictContext, symbol: StrictSymbol): number[][] {
    return symbol.bars.map((_, place) => {
      symbol.place = place;
      return this.#main(study, context);
    });
  }

  #main(study: PineStudy, context: StrictContext): number[] {
    const values = context.during(() => study.main(context.proxy, (index) => this.#inputs[index]));
    const { plots, palettes } = this.indicator.metainfo;
    check(values.length === plots.length, 'main must return one value per plot');
    for (const [at, plot] of plots.entries()) {
      const value = values[at];
      check(
        typeof value === 'number' && Math.abs(value) !== Infinity,
        `${plot.id} must be a number`,
      );
      if (plot.type !== 'colorer' || Number.isNaN(value)) continue;
      check(
        value in (palettes[plot.palette]?.valToIndex ?? {}),
        `${plot.id} must be in its palette`,
      );
    }
    return values;
  }
}
