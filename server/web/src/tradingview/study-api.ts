/**
 * What a custom indicator of TradingView's charts is made of, in our own words and only as far as
 * we use it.  Times are UTC milliseconds, prices quote per base.
 */
import type { LibrarySymbolInfo } from './datafeed-api';

/** A number that an indicator remembers from bar to bar. */
export interface PineSeries {
  /**
   * Move values from one series' bars to another's.  With mode 1 each value is used once at most,
   * so that a bar without one of its own gets NaN.
   */
  adopt(sourceTimes: PineSeries, destinationTimes: PineSeries, mode: 0 | 1): number;
}

/** The symbol that a calculation looks at, at the bar it has reached. */
export interface PineSymbol {
  /** Open of the bar, milliseconds; NaN before there is any. */
  readonly time: number;
  readonly ticker: string;
  readonly info?: LibrarySymbolInfo;
}

/** State of one indicator's calculation. */
export interface PineContext {
  readonly symbol: PineSymbol;
  /** Ask for the bars of a further symbol; the first one becomes number 1. */
  new_sym(ticker: string, period: string): unknown;
  /** Look at another symbol from now on; 0 is the chart's own. */
  select_sym(index: number): void;
  /** Remember a number; the calls of a calculation must always be the same ones in order. */
  new_unlimited_var(value: number): PineSeries;
}

/** The value of the input at a place. */
export type InputReader = (index: number) => unknown;

/** An indicator at work. */
export interface PineStudy {
  init?(context: PineContext, input: InputReader): void;
  /** Called for each bar, those of further symbols first; one value per plot. */
  main(context: PineContext, input: InputReader): number[];
}

/** What the chart library hands to the maker of indicators. */
export interface PineJs {
  readonly Std: {
    period(context: PineContext): string;
    ticker(context: PineContext): string;
    high(context: PineContext): number;
    low(context: PineContext): number;
    volume(context: PineContext): number;
  };
}

/** One value of an indicator: a line, or the number of the colour of what `target` names. */
export type PlotInfo =
  | { readonly id: string; readonly type: 'line' }
  | {
      readonly id: string;
      readonly type: 'colorer';
      readonly target: string;
      readonly palette: string;
    };

/** The space between two lines. */
export interface FilledArea {
  readonly id: string;
  readonly objAId: string;
  readonly objBId: string;
  readonly type: 'plot_plot';
  readonly title: string;
  readonly palette: string;
  readonly fillgaps: boolean;
  readonly isHidden: boolean;
}

/** How a line is drawn. */
export interface LineStyle {
  readonly color: string;
  readonly linestyle: number;
  readonly linewidth: number;
  /** 7 is a line that breaks where there is no value. */
  readonly plottype: number;
  readonly trackPrice: boolean;
  /** Per cent. */
  readonly transparency: number;
  readonly visible: boolean;
}

/** A number that the user, or a program, gives to an indicator. */
export interface IntegerInput {
  readonly id: string;
  readonly name: string;
  readonly type: 'integer';
  readonly defval: number;
  readonly isHidden: boolean;
}

type ById<T> = Readonly<Record<string, T>>;

/** Everything that is fixed about an indicator. */
export interface StudyMetaInfo {
  readonly _metainfoVersion: number;
  readonly id: string;
  readonly name: string;
  /** Name in the list of indicators, and for `createStudy`. */
  readonly description: string;
  readonly shortDescription: string;
  readonly isCustomIndicator: boolean;
  /** On the pane of the candles. */
  readonly is_price_study: boolean;
  /** On the price scale of the candles. */
  readonly linkedToSeries: boolean;
  readonly behind_chart: boolean;
  readonly format: { readonly type: 'inherit' };
  readonly plots: readonly PlotInfo[];
  readonly filledAreas: readonly FilledArea[];
  readonly palettes: ById<{
    readonly colors: readonly { readonly name: string }[];
    readonly valToIndex: ById<number>;
  }>;
  readonly styles: ById<{
    readonly title: string;
    readonly histogramBase: number;
    readonly isHidden: boolean;
  }>;
  readonly inputs: readonly IntegerInput[];
  readonly defaults: {
    readonly styles: ById<LineStyle>;
    readonly filledAreasStyle: ById<{
      readonly color: string;
      readonly visible: boolean;
      readonly transparency: number;
    }>;
    readonly palettes: ById<{
      readonly colors: readonly {
        readonly color: string;
        readonly width: number;
        readonly style: number;
      }[];
    }>;
    readonly inputs: ById<number>;
  };
}

/** One element of what `custom_indicators_getter` promises. */
export interface CustomIndicator {
  readonly name: string;
  readonly metainfo: StudyMetaInfo;
  /** Called with `new`, so no arrow function. */
  readonly constructor: new () => PineStudy;
}
