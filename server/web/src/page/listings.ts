/** Finding listings: by words, by name, and the venues among which one can choose. */
import type { Listing } from '../client';

/** Return the listings that hold every word, in the order in which they are listed. */
export function findListings(listings: readonly Listing[], words: string): Listing[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return listings.filter((listing) => {
    const text = `${listing.symbol} ${listing.description} ${listing.kind}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** Return the listing of a ticker; the first of all where it is empty; null where there is none. */
export function pickListing(listings: readonly Listing[], symbol: string): Listing | null {
  if (symbol === '') return listings[0] ?? null;
  return listings.find((listing) => listing.symbol === symbol) ?? null;
}

/** Return the aggregate over all venues that holds a listing, or is it. */
export function aggregateOf(listings: readonly Listing[], listing: Listing): Listing | null {
  if (listing.aggregate) return listing;
  const holds = (one: Listing): boolean =>
    one.aggregate && one.venues.some((venue) => venue.ticker === listing.symbol);
  return listings.find(holds) ?? null;
}

/** Which listing and which of its venues to show after a venue was switched. */
export interface VenueChoice {
  symbol: string;
  venues: readonly string[];
}

/**
 * Return what to show after one venue was switched on or off; at least one stays on.
 *
 * @param aggregate - Over all venues.
 * @param chosen - Those on now.
 * @param venue - Which is switched.
 */
export function switchVenue(
  aggregate: Listing,
  chosen: readonly string[],
  venue: string,
): VenueChoice {
  const wanted = aggregate.venues
    .map((one) => one.venue)
    .filter((one) => (one === venue) !== chosen.includes(one));
  const kept = wanted.length === 0 ? chosen : wanted;
  const all = kept.length === aggregate.venues.length;
  const single = kept.length === 1 && aggregate.venues.find((one) => one.venue === kept[0]);
  if (single) return { symbol: single.ticker, venues: [] };
  return { symbol: aggregate.symbol, venues: all ? [] : kept };
}

/** Return the venues of an aggregate that a listing with some of its venues shows. */
export function venuesShown(listing: Listing, venues: readonly string[]): readonly string[] {
  return venues.length > 0 ? venues : listing.venues.map((one) => one.venue);
}
