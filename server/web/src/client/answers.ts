/** From the server's documents to the types of this client: camel case, times named `…Ms`. */
import { bytesOfBase64 } from './bytes';
import type {
  About,
  BandSlotsAnswer,
  Bar,
  CandlesAnswer,
  HeatmapColumn,
  Liquidation,
  LiquidationsAnswer,
  Listing,
  MomentAnswer,
  VenueAge,
} from './types';

/** A document as it was parsed. */
export type Document = Readonly<Record<string, unknown>>;

const RENAMED: Readonly<Record<string, string>> = {
  time: 'timeMs',
  as_of: 'asOfMs',
  from: 'fromMs',
  to: 'toMs',
  open_time: 'openTimeMs',
  first_open: 'firstOpenMs',
  last_close: 'lastCloseMs',
};
/** Their keys are data, not names. */
const KEPT: ReadonlySet<string> = new Set(['leverage_notional', 'venue_shares']);

/** Return a document, and all documents in it, with the names of this client. */
export function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [
    nameOf(key),
    KEPT.has(key) ? one : camelCased(one),
  ]);
  return Object.fromEntries(entries);
}

function nameOf(key: string): string {
  return RENAMED[key] ?? key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Return what an answer rests on, from a document with a `provenance`. */
export function aboutOf(document: Document): About {
  const { venues, ...rest } = camelCased(document['provenance']) as Omit<About, 'venues'> & {
    venues: Document[];
  };
  return {
    ...rest,
    venues: venues.map(venueAge),
    quote: (document['quote'] as string | undefined) ?? '',
    venueShares: (document['venue_shares'] as Record<string, number> | undefined) ?? {},
    leftOut: (document['left_out'] as string[] | undefined) ?? [],
  };
}

function venueAge(venue: Document): VenueAge {
  const { symbol, ...rest } = venue;
  return { ...rest, ticker: symbol } as unknown as VenueAge;
}

/** Return an answer about one moment: `/bands`, `/map` or `/summary`. */
export function momentAnswer<T extends MomentAnswer>(document: Document): T {
  const { provenance, venue_shares: shares, left_out: leftOut, ...rest } = document;
  const about = aboutOf({ provenance, venue_shares: shares, left_out: leftOut, ...rest });
  return { ...(camelCased(rest) as object), about } as T;
}

/** Return what there is to ask for. */
export function listings(document: Document): Listing[] {
  return (camelCased(document['symbols']) as (Listing & { venues: unknown })[]).map((listing) => ({
    ...listing,
    venues: (listing.venues as unknown as Document[]).map(venueAge),
  }));
}

/** Return bands through time. */
export function bandSlotsAnswer(document: Document): BandSlotsAnswer {
  return {
    symbol: document['symbol'] as string,
    timeframe: document['timeframe'] as string,
    levels: document['levels'] as number,
    openTimeMs: (document['t'] as number[]).map((seconds) => seconds * 1000),
    slots: camelCased(document['slots']) as BandSlotsAnswer['slots'],
    about: aboutOf(document),
  };
}

/** Return realised liquidations. */
export function liquidationsAnswer(document: Document): LiquidationsAnswer {
  const { provenance, next, ...rest } = document;
  const offset = typeof next === 'string' ? /[?&]offset=(\d+)/.exec(next)?.[1] : undefined;
  return {
    ...(camelCased(rest) as LiquidationsAnswer),
    nextOffset: offset === undefined ? null : Number(offset),
    about: aboutOf({ provenance }),
  };
}

/** Return the events of a `liquidations` event. */
export function liquidationEvents(document: Document): Liquidation[] {
  return camelCased(document['events']) as Liquidation[];
}

/** Return bars with what else is known about them. */
export function candlesAnswer(document: Document): CandlesAnswer {
  const { provenance, bars, ...rest } = document;
  return {
    ...(camelCased(rest) as CandlesAnswer),
    bars: (bars as Document[]).map((bar) => barOf(bar, bar['t'] as number)),
    about: aboutOf({ provenance, quote: document['quote'] }),
  };
}

/** Return one bar that opens at a time. */
export function barOf(document: Document, openTimeMs: number): Bar {
  const { t: _, ...rest } = document;
  return { openTimeMs, ...(camelCased(rest) as Omit<Bar, 'openTimeMs'>) };
}

/** Return the column of a `column` event. */
export function columnOf(document: Document): HeatmapColumn {
  const { s: _, q, t, rev, ...rest } = document;
  return {
    ...(camelCased(rest) as Omit<
      HeatmapColumn,
      'openTimeMs' | 'cells' | 'asOfMs' | 'splitLong' | 'live'
    >),
    openTimeMs: (t as number) * 1000,
    asOfMs: rev as number,
    live: document['live'] === true,
    splitLong: (document['split_long'] as number | undefined) ?? null,
    cells: bytesOfBase64(q as string),
  };
}
