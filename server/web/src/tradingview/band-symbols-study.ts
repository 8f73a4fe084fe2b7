/**
 * The indicator that needs no stream and no store: it reads the bands as further symbols of the
 * same datafeed, `…#B00` to `…#B19`, whose lows and highs are the edges and whose volume is the
 * notional.
 */
import { bandIndicator } from './band-metainfo';
import { chosenColours, tickerIn } from './band-study';
import { type Colours, LEVELS, USUAL_COLOURS } from './strength-palette';
import type { CustomIndicator, PineContext, PineJs, PineSeries, PineStudy } from './study-api';

/** Name in the list of indicators, and for `createStudy`. */
export const BAND_SYMBOLS_STUDY = 'Liquidation bands (symbols)';

/** As many as the server has symbols for; each costs its own requests. */
export const MOST_SYMBOLS = 20;

/** How the indicator is made. */
export interface SymbolsStudyOptions extends Partial<Colours> {
  /** Slots shown, `MOST_SYMBOLS` where left out. */
  readonly slots?: number;
}

interface Edges {
  readonly low: number;
  readonly high: number;
  readonly notional: number;
}

/**
 * Return the indicator for `custom_indicators_getter`; it works with any datafeed that serves the
 * band symbols, TradingView's own UDF adapter among them.
 *
 * @param pine - What the chart library hands over there.
 * @throws RangeError if there are not that many slots.
 */
export function liquidationBandSymbolsStudy(
  pine: PineJs,
  options: SymbolsStudyOptions = {},
): CustomIndicator {
  const slots = options.slots ?? MOST_SYMBOLS;
  if (!Number.isInteger(slots) || slots < 1 || slots > MOST_SYMBOLS) {
    throw new RangeError(`slots must be 1 to ${MOST_SYMBOLS}, was ${slots}`);
  }
  const constructor = function (this: PineStudy): void {
    this.init = (context) => askForSymbols(pine, context, slots);
    this.main = (context) => valuesAt(pine, context, slots);
  };
  const indicator = {
    description: BAND_SYMBOLS_STUDY,
    shortDescription: BAND_SYMBOLS_STUDY,
    slots,
    colours: { ...USUAL_COLOURS, ...chosenColours(options) },
  };
  return bandIndicator(indicator, constructor as unknown as CustomIndicator['constructor']);
}

function askForSymbols(pine: PineJs, context: PineContext, slots: number): void {
  const ticker = tickerIn(pine, context);
  const period = pine.Std.period(context);
  for (let slot = 0; slot < slots; slot++) {
    context.new_sym(`${ticker}#B${String(slot).padStart(2, '0')}`, period);
  }
}

function valuesAt(pine: PineJs, context: PineContext, slots: number): number[] {
  context.select_sym(0);
  const times = context.new_unlimited_var(context.symbol.time);
  const bands: Edges[] = [];
  for (let slot = 0; slot < slots; slot++) {
    context.select_sym(slot + 1);
    bands.push(edgesAt(pine, context, times));
  }
  context.select_sym(0);
  return bands.flatMap((band) => [band.low, band.high, levelOf(band, bands)]);
}

/** Return what the selected symbol has at the chart's bar; NaN where it has no bar of its own. */
function edgesAt(pine: PineJs, context: PineContext, times: PineSeries): Edges {
  const ownTimes = context.new_unlimited_var(context.symbol.time);
  const aligned = (value: number) => context.new_unlimited_var(value).adopt(ownTimes, times, 1);
  return {
    low: aligned(pine.Std.low(context)),
    high: aligned(pine.Std.high(context)),
    notional: aligned(pine.Std.volume(context)),
  };
}

/** Return a band's place among those of its bar, as a step of the palette. */
function levelOf(band: Edges, bands: readonly Edges[]): number {
  if (Number.isNaN(band.notional)) return Number.NaN;
  const weaker = bands.filter((other) => other.notional < band.notional).length;
  const others = bands.filter((other) => !Number.isNaN(other.notional)).length - 1;
  return others > 0 ? Math.round((weaker / others) * (LEVELS - 1)) : LEVELS - 1;
}
