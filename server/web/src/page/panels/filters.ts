/** Which positions are counted: side, leverage, age, venues; and how rows are smoothed. */
import { segmented, type Option } from '../controls/segmented';
import { element, setText } from '../dom';
import { formatLeverage } from '../format';
import { aggregateOf, switchVenue, venuesShown } from '../listings';
import type { Facts, Page } from '../page';
import { WINDOWS, type Mode, type ViewState } from '../view-state';
import { chartOnly, labelled, section } from './section';

/** What the server takes as the name of a layer. */
const ASKABLE = /^[A-Za-z0-9 .+x-]{1,20}$/;
/** What is offered until a book has said which layers it has. */
const USUAL_GROUPS = ['1-5x', '5-10x', '10-25x', '25-50x', '50-100x', '100x+'];
const SIDE_OPTIONS: readonly Option<ViewState['side']>[] = [
  { value: 'both', label: 'Both' },
  { value: 'long', label: 'Longs' },
  { value: 'short', label: 'Shorts' },
];
const MODE_OPTIONS: readonly Option<Mode>[] = [
  { value: 'raw', label: 'Raw', title: 'Raw: each row as it was computed' },
  { value: 'smoothed', label: 'Smoothed', title: 'Smoothed: each row spread over its neighbours' },
];

/** The section of the panel. */
export function filtersPanel(page: Page): HTMLElement {
  return section(
    'Filter',
    'filters',
    labelled('Side', sideControl(page)),
    leverageControl(page),
    chartOnly(labelled('Opened within', ageControl(page))),
    chartOnly(labelled('Rows', modeControl(page))),
    venueControl(page),
  );
}

function sideControl(page: Page): HTMLElement {
  const control = segmented('Side', SIDE_OPTIONS, (side) => page.view.set({ side }));
  page.view.follow(['side'], ({ side }) => control.show(side));
  return control.root;
}

function modeControl(page: Page): HTMLElement {
  const control = segmented('Rows', MODE_OPTIONS, (mode) => page.view.set({ mode }));
  page.view.follow(['mode'], ({ mode }) => control.show(mode));
  return control.root;
}

function ageControl(page: Page): HTMLElement {
  const options: Option<ViewState['maxAge']>[] = [
    { value: '', label: 'Any', title: 'Opened at any time' },
    ...WINDOWS.map((one) => ({ value: one, label: one, title: `Opened within ${one}` })),
  ];
  const control = segmented('Opened within', options, (maxAge) => page.view.set({ maxAge }));
  page.view.follow(['maxAge'], ({ maxAge }) => control.show(maxAge));
  return control.root;
}

function leverageControl(page: Page): HTMLElement {
  const control = segmented<string>('Leverage', [], (leverage) => page.view.set({ leverage }));
  const root = labelled('Leverage', control.root);
  const groups = (): readonly string[] => leverageGroups(page.facts.value, page.view.value);
  const show = (): void => {
    const found = groups();
    root.hidden = found.length === 0;
    const all: Option<string> = { value: '', label: 'All', title: 'Every leverage' };
    const each = found.map((value) => ({ value, label: formatLeverage(value) }));
    control.offer([all, ...each]);
    control.show(page.view.value.leverage);
    const isRelative = page.facts.value.bands?.about.unit === 'relative';
    const name = isRelative ? 'Stop distance' : 'Leverage';
    if (root.firstElementChild !== null) setText(root.firstElementChild, name);
  };
  show();
  page.facts.watch(['bands'], (facts, before) => {
    if (facts.bands?.symbol !== before.bands?.symbol) show();
  });
  page.view.watch(['leverage'], () => control.show(page.view.value.leverage));
  return root;
}

/** Return the layers that can be asked for, low leverage first. */
export function leverageGroups(facts: Facts, state: ViewState): readonly string[] {
  const band = facts.bands?.bands[0];
  const groups = band === undefined ? USUAL_GROUPS : Object.keys(band.leverageNotional);
  const askable = groups.filter((group) => ASKABLE.test(group));
  const { leverage } = state;
  return leverage === '' || askable.includes(leverage) ? askable : [...askable, leverage];
}

function venueControl(page: Page): HTMLElement {
  const chips = element('div', { class: 'chips', role: 'group', 'aria-label': 'Venues' });
  const root = labelled('Venues', chips);
  const show = (): void => {
    const { listing, listings } = page.facts.value;
    const aggregate = listing && aggregateOf(listings ?? [], listing);
    root.hidden = !aggregate;
    if (!listing || !aggregate) return;
    const shown = venuesShown(listing, page.view.value.venues);
    const every = chip('All', shown.length === aggregate.venues.length, () =>
      page.view.set({ symbol: aggregate.symbol, venues: [] }),
    );
    const each = aggregate.venues.map(({ venue }) =>
      chip(venue, shown.includes(venue), () => page.view.set(switchVenue(aggregate, shown, venue))),
    );
    chips.replaceChildren(every, ...each);
  };
  show();
  page.facts.watch(['listing'], show);
  page.view.watch(['venues'], show);
  return root;
}

function chip(label: string, pressed: boolean, press: () => void): HTMLElement {
  return element(
    'button',
    { type: 'button', class: 'chip', 'aria-pressed': String(pressed), onclick: press },
    label,
  );
}
