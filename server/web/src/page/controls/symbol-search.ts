/** Search for what to show: a combobox with a list of listings. */
import type { Listing } from '../../client';
import { element } from '../dom';
import { formatAge } from '../format';
import { icon } from '../icons';
import { findListings } from '../listings';
import { type Dialog, openDialog } from './dialog';

/** What the search works on. */
interface Search {
  input: HTMLInputElement;
  list: HTMLElement;
  shown: Listing[];
  /** Index of the listing that Enter takes. */
  active: number;
  pick(listing: Listing): void;
}

/**
 * Open the search.
 *
 * @param listings - Among these.
 * @param current - Ticker that is shown now.
 * @param pick - Called with what was chosen.
 */
export function openSymbolSearch(
  listings: readonly Listing[],
  current: string,
  pick: (listing: Listing) => void,
): void {
  const search = makeSearch((listing) => {
    dialog.close();
    pick(listing);
  });
  const field = element('div', { class: 'search-field' }, icon('search'), search.input);
  const content = element('div', { class: 'search' }, field, search.list);
  const dialog: Dialog = openDialog('Choose a market', content, 'symbols');
  const filter = (): void => showFound(search, findListings(listings, search.input.value), current);
  search.input.addEventListener('input', filter);
  search.input.addEventListener('keydown', (event) => pressInSearch(event, search));
  filter();
  search.input.focus();
}

function makeSearch(pick: (listing: Listing) => void): Search {
  const list = element('div', { id: 'found', role: 'listbox', 'aria-label': 'Markets' });
  const input = element('input', {
    type: 'text',
    role: 'combobox',
    'aria-expanded': 'true',
    'aria-controls': list.id,
    'aria-label': 'Search markets',
    placeholder: 'Search, such as btc or bybit',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  return { input, list, shown: [], active: 0, pick };
}

function showFound(search: Search, found: Listing[], current: string): void {
  search.shown = found;
  const rows = found.map((listing, index) => {
    const row = listingRow(listing, index, listing.symbol === current);
    row.addEventListener('click', () => search.pick(listing));
    return row;
  });
  const nothing = element('p', { class: 'nothing' }, 'No market has this name.');
  search.list.replaceChildren(...(rows.length > 0 ? rows : [nothing]));
  const at = search.input.value === '' ? found.findIndex((one) => one.symbol === current) : 0;
  activate(search, Math.max(0, at));
}

function listingRow(listing: Listing, index: number, isCurrent: boolean): HTMLElement {
  return element(
    'div',
    {
      id: `found-${index}`,
      class: isCurrent ? 'found current' : 'found',
      role: 'option',
      'aria-selected': 'false',
    },
    element('span', { class: 'ticker' }, listing.symbol),
    element('span', { class: 'description' }, listing.description),
    listingSign(listing),
  );
}

function listingSign(listing: Listing): HTMLElement {
  if (listing.simulated) return element('span', { class: 'badge simulated' }, 'Simulated');
  if (!listing.stale) return element('span', { class: 'badge live' }, 'Live');
  const youngest = Math.min(...listing.venues.map((venue) => venue.ageMs));
  return element('span', { class: 'badge stale' }, `${formatAge(youngest)} old`);
}

function activate(search: Search, index: number): void {
  search.active = index;
  [...search.list.children].forEach((row, at) => {
    if (row.role === 'option') row.setAttribute('aria-selected', String(at === index));
  });
  const row = search.list.children[index];
  search.input.setAttribute('aria-activedescendant', row?.id ?? '');
  row?.scrollIntoView({ block: 'nearest' });
}

function pressInSearch(event: KeyboardEvent, search: Search): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const count = search.shown.length;
  if (step !== undefined && count > 0) {
    event.preventDefault();
    activate(search, (search.active + step + count) % count);
  }
  const chosen = search.shown[search.active];
  if (event.key === 'Enter' && chosen !== undefined) search.pick(chosen);
}
