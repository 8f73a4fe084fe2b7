/** Which listing is shown: found among those that the server has, which may be none yet. */
import type { Listing } from '../client';
import { byId } from './dom';
import { pickListing } from './listings';
import type { Page } from './page';
import { searchSymbol } from './bar';
import {
  clearPlaceholder,
  showLoading,
  showNoMarkets,
  showTrouble,
  troubleOf,
} from './status/placeholder';

const RETRY_MS = 2_000;

/**
 * Ask for the listings, until there are any, and follow the symbol that is chosen.
 *
 * @param drawn - Called when it is said why there is no picture.
 */
export async function followListings(page: Page, drawn: () => void): Promise<void> {
  page.view.watch(['symbol'], () => choose(page, drawn));
  const place = byId('placeholder');
  showLoading(place, 'Connecting');
  for (;;) {
    const listings = await askListings(page, place, drawn);
    if (listings.length > 0) {
      page.facts.set({ listings });
      choose(page, drawn);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function askListings(
  page: Page,
  place: HTMLElement,
  drawn: () => void,
): Promise<readonly Listing[]> {
  try {
    const listings = await page.client.symbols();
    if (listings.length > 0) return listings;
    showNoMarkets(place);
  } catch (error) {
    showTrouble(place, troubleOf(error), () => location.reload());
  }
  drawn();
  return [];
}

function choose(page: Page, drawn: () => void): void {
  const { listings } = page.facts.value;
  if (listings === null) return;
  const { symbol } = page.view.value;
  const listing = pickListing(listings, symbol);
  const place = byId('placeholder');
  if (listing !== null) {
    clearPlaceholder(place);
    page.facts.set({ listing, bar: null, dayAgo: null });
    return;
  }
  const detail = `The server has no market named ${symbol}.`;
  showTrouble(
    place,
    { title: 'There is no such market', detail },
    () => searchSymbol(page),
    'Choose one',
  );
  drawn();
}
