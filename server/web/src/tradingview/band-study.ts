/**
 * The indicator that draws bands as filled areas, each band in a slot that it keeps while it lives.
 * What it shows is fetched beside the chart and looked up by the time of each bar.
 */
import { bandIndicator } from './band-metainfo';
import { type ConnectionOptions, connectionTo } from './connection';
import { VALUES_PER_SLOT } from './slot-columns';
import { SLOTS } from './slot-series';
import { type SlotStore, slotStoreOf } from './slot-store';
import { type Colours, USUAL_COLOURS } from './strength-palette';
import type { CustomIndicator, PineContext, PineJs, PineStudy } from './study-api';

/** Name in the list of indicators, and for `createStudy`. */
export const BAND_STUDY = 'Liquidation bands';

/** How the indicators are made. */
export interface StudyOptions extends ConnectionOptions, Partial<Colours> {}

/**
 * Return the indicator for `custom_indicators_getter`.
 *
 * @param pine - What the chart library hands over there.
 * @example
 * custom_indicators_getter: (PineJS) =>
 *   Promise.resolve([liquidationBandsStudy(PineJS, { baseUrl: 'https://bands.example' })])
 */
export function liquidationBandsStudy(pine: PineJs, options: StudyOptions): CustomIndicator {
  const store = slotStoreOf(connectionTo(options));
  // Not an arrow function, nor a class: the library wants a constructor of the old kind.
  const constructor = function (this: PineStudy): void {
    this.main = (context) => valuesAt(pine, context, store);
  };
  const indicator = {
    description: BAND_STUDY,
    shortDescription: BAND_STUDY,
    slots: SLOTS,
    colours: { ...USUAL_COLOURS, ...chosenColours(options) },
  };
  return bandIndicator(indicator, constructor as unknown as CustomIndicator['constructor']);
}

/** Return the colours that were chosen; keys that were not are left out. */
export function chosenColours({ palette, background }: Partial<Colours>): Partial<Colours> {
  return { ...(palette && { palette }), ...(background && { background }) };
}

/** Return the ticker of the symbol that a calculation looks at; empty before there is one. */
export function tickerIn(pine: PineJs, context: PineContext): string {
  return context.symbol.info?.ticker ?? pine.Std.ticker(context) ?? '';
}

function valuesAt(pine: PineJs, context: PineContext, store: SlotStore): number[] {
  const { time } = context.symbol;
  // A chart first calls without any bar, to see what an indicator is like.
  if (!Number.isFinite(time)) return empty();
  const series = store.series(tickerIn(pine, context), pine.Std.period(context));
  return [...(series?.at(time) ?? empty())];
}

function empty(): number[] {
  return new Array<number>(SLOTS * VALUES_PER_SLOT).fill(Number.NaN);
}
