/** The strongest bands at a glance, by price: shorts above, the price, longs below. */
import type { Band, BandsAnswer } from '../../client';
import { element } from '../dom';
import { formatChange, formatNotional, formatPrice } from '../format';
import type { Page } from '../page';
import { section } from './section';

const EACH_SIDE = 5;

/** Return the strongest bands of one side, highest price first. */
export function strongestOf(bands: readonly Band[], side: Band['side'], count: number): Band[] {
  return bands
    .filter((band) => band.side === side)
    .sort((one, other) => other.notional - one.notional)
    .slice(0, count)
    .sort((one, other) => other.peakPrice - one.peakPrice);
}

/** The section of the panel. */
export function strongestPanel(page: Page): HTMLElement {
  const list = element('ol', { class: 'ladder' });
  const all = element(
    'button',
    { type: 'button', class: 'text-button', onclick: () => page.view.set({ view: 'bands' }) },
    'All bands →',
  );
  const root = section('Strongest bands', 'strongest', list, all);
  page.facts.follow(['bands'], ({ bands }) => {
    root.classList.toggle('waiting', bands === null);
    if (bands !== null) list.replaceChildren(...ladder(bands));
  });
  return root;
}

function ladder(answer: BandsAnswer): HTMLElement[] {
  const shorts = strongestOf(answer.bands, 'short', EACH_SIDE);
  const longs = strongestOf(answer.bands, 'long', EACH_SIDE);
  const most = Math.max(...[...shorts, ...longs].map((band) => band.notional));
  const price = element(
    'li',
    { class: 'price' },
    element('span', {}, 'Price'),
    element('b', {}, formatPrice(answer.mark)),
  );
  const row = (band: Band): HTMLElement => ladderRow(band, answer, most);
  return [...shorts.map(row), price, ...longs.map(row)];
}

function ladderRow(band: Band, answer: BandsAnswer, most: number): HTMLElement {
  const row = element(
    'li',
    { class: band.side },
    element('span', { class: 'at' }, formatPrice(band.peakPrice)),
    element('b', {}, formatNotional(band.notional, answer.about.unit, answer.quote)),
    element('span', { class: 'distance' }, formatChange(band.distance, 1)),
  );
  row.style.setProperty('--share', String(band.notional / most));
  return row;
}
