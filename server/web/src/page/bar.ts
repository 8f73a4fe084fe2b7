/** The top bar: what is shown, which view of it, and what can be done with it. */
import { menu, type MenuItem } from './controls/menu';
import { openSymbolSearch } from './controls/symbol-search';
import { type Actions } from './actions';
import { byId, element, setText } from './dom';
import { formatChange, formatPrice } from './format';
import { icon, type IconName } from './icons';
import type { Page } from './page';
import { openPanel } from './panels/panel';
import { timeframeControl } from './panels/time';
import { badgeRow, connectionSign } from './status/signs';
import type { View } from './view-state';

const VIEW_WORDS: readonly { view: View; label: string; icon: IconName }[] = [
  { view: 'chart', label: 'Chart', icon: 'chart' },
  { view: 'map', label: 'Map', icon: 'map' },
  { view: 'bands', label: 'Bands', icon: 'table' },
];

/** Fill the top bar. */
export function buildBar(page: Page, actions: Actions): void {
  byId('bar').append(
    brand(),
    symbolButton(page),
    element('div', { class: 'timeframes chart-only' }, timeframeControl(page)),
    viewTabs(page),
    element('div', { class: 'space' }),
    badgeRow(page),
    element('div', { class: 'phone-only' }, connectionSign(page)),
    copyButton(actions),
    actionMenu('download', 'Download', () => actions.downloads(), 'desk-only'),
    iconButton('link', 'Copy a link to this view', actions.copyLink, 'desk-only'),
    iconButton('sun', 'Dark or light', actions.switchTheme, 'desk-only'),
    iconButton('help', 'Keyboard shortcuts', actions.help, 'desk-only'),
    panelButton(page),
    actionMenu('more', 'More', () => actions.all(), 'phone-only'),
  );
}

/** Open the search for a market. */
export function searchSymbol(page: Page): void {
  const { listings, listing } = page.facts.value;
  if (listings === null) return;
  openSymbolSearch(listings, listing?.symbol ?? '', (chosen) => {
    page.view.set({ symbol: chosen.symbol, ...OF_ANOTHER_SYMBOL });
  });
}

/** What belongs to one listing only, and begins again with another. */
const OF_ANOTHER_SYMBOL = {
  venues: [],
  visible: null,
  prices: null,
  atMs: null,
  intensity: null,
} as const;

function brand(): HTMLElement {
  const bars = ['short', 'price', 'long'].map((kind) => element('i', { class: kind }));
  const name = element('span', {}, 'liqbands');
  const mark = element('span', { class: 'mark' }, ...bars);
  return element('a', { class: 'brand', href: '/', 'aria-label': 'liqbands' }, mark, name);
}

function symbolButton(page: Page): HTMLElement {
  const name = element('b', {}, 'Market');
  const venue = element('small', {});
  const price = element('span', { class: 'price' });
  const change = element('span', { class: 'change', title: 'Within 24 hours' });
  const words = element('span', { class: 'name' }, name, venue);
  const root = element(
    'button',
    { class: 'symbol', type: 'button', title: 'Choose a market (/)' },
    words,
    element('span', { class: 'unseen' }, ': choose another market'),
    icon('down'),
  );
  root.addEventListener('click', () => searchSymbol(page));
  page.facts.follow(['listing'], ({ listing }) => {
    const [place = '', ticker = place] = (listing?.symbol ?? ':Market').split(':');
    setText(name, ticker);
    setText(venue, listing?.aggregate === true ? 'all venues' : place.toLowerCase());
  });
  page.facts.follow(['bar', 'dayAgo'], ({ bar, dayAgo }) => {
    const moved = bar === null || dayAgo === null ? null : bar.close / dayAgo - 1;
    setText(price, bar === null ? '' : formatPrice(bar.close));
    setText(change, moved === null ? '' : formatChange(moved));
    change.classList.toggle('down', (moved ?? 0) < 0);
  });
  const figures = element('span', { class: 'figures' }, price, change);
  return element('div', { class: 'market' }, root, figures);
}

function viewTabs(page: Page): HTMLElement {
  const buttons = VIEW_WORDS.map(({ view, label, icon: sign }) => {
    const name = { type: 'button', title: label, 'aria-label': label };
    const button = element('button', name, icon(sign), element('span', {}, label));
    button.addEventListener('click', () => page.view.set({ view }));
    return { view, button };
  });
  const controls = element(
    'button',
    { type: 'button', class: 'controls', onclick: () => openPanel(page, true) },
    icon('sliders'),
    element('span', {}, 'Controls'),
  );
  page.view.follow(['view'], ({ view }) => {
    for (const one of buttons) {
      if (one.view === view) one.button.setAttribute('aria-current', 'page');
      else one.button.removeAttribute('aria-current');
    }
  });
  const tabs = buttons.map((one) => one.button);
  return element('nav', { class: 'views', 'aria-label': 'Views' }, ...tabs, controls);
}

function copyButton(actions: Actions): HTMLElement {
  return element(
    'button',
    {
      type: 'button',
      class: 'button copy desk-only',
      title: 'Levels as text for the indicator on TradingView.com (c)',
      onclick: actions.copyForTradingView,
    },
    icon('copy'),
    element('span', {}, 'Copy for TradingView'),
  );
}

function iconButton(
  sign: IconName,
  label: string,
  press: () => void,
  kind = '',
): HTMLButtonElement {
  return element(
    'button',
    {
      type: 'button',
      class: `icon-button ${kind}`,
      title: label,
      'aria-label': label,
      onclick: press,
    },
    icon(sign),
  );
}

function actionMenu(
  sign: IconName,
  label: string,
  items: () => readonly MenuItem[],
  kind: string,
): HTMLElement {
  const root = menu(
    iconButton(sign, label, () => undefined),
    items,
  );
  root.classList.add(kind);
  return root;
}

function panelButton(page: Page): HTMLElement {
  const button = iconButton('panel', 'Controls (f)', () =>
    openPanel(page, !page.facts.value.panelOpen),
  );
  button.classList.add('panel-button');
  page.facts.follow(['panelOpen'], ({ panelOpen }) => {
    button.setAttribute('aria-pressed', String(panelOpen));
  });
  return button;
}
