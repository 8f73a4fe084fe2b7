/** The book in four numbers: both sides, the price, the densest zone, and which way they lean. */
import type { Band, Summary } from '../../client';
import { element, setText } from '../dom';
import { formatChange, formatNotional, formatPrice, formatShare } from '../format';
import type { Page } from '../page';
import { section } from './section';

/** What the four numbers say. */
export interface SummaryWords {
  long: string;
  short: string;
  price: string;
  magnet: string;
  magnetNote: string;
  /** Share of the longs in both sides, 0 to 1. */
  longShare: number;
  bias: string;
}

/** Return a summary in words. */
export function summaryWords(summary: Summary): SummaryWords {
  const { unit } = summary.about;
  const magnet = strongest(summary);
  const total = summary.longNotional + summary.shortNotional;
  return {
    long: formatNotional(summary.longNotional, unit, summary.quote),
    short: formatNotional(summary.shortNotional, unit, summary.quote),
    price: formatPrice(summary.mark),
    magnet: magnet === null ? 'None' : formatPrice(magnet.peakPrice),
    magnetNote: magnet === null ? 'no dense zone' : magnetNote(magnet, summary),
    longShare: total > 0 ? summary.longNotional / total : 0.5,
    bias: biasWords(summary.bias),
  };
}

/** Return the zone that holds most of both sides. */
export function strongest(summary: Summary): Band | null {
  const both = [summary.strongestLong, summary.strongestShort].filter((one) => one !== null);
  return both.reduce<Band | null>(
    (best, one) => (best === null || one.notional > best.notional ? one : best),
    null,
  );
}

/** The section of the panel. */
export function summaryPanel(page: Page): HTMLElement {
  const numbers = {
    long: number('Total long', 'long', 'Longs that stand below the price'),
    short: number('Total short', 'short', 'Shorts that stand above the price'),
    price: number('Price', 'price', 'Mark price at the close of the newest bar'),
    magnet: number('Magnet', 'magnet', MAGNET_TITLE),
  };
  const bar = element('div', { class: 'bias-bar' }, element('i', {}));
  const bias = element('p', { class: 'bias' });
  const root = section(
    'Summary',
    'summary',
    element('dl', { class: 'numbers' }, ...Object.values(numbers).map((one) => one.root)),
    bar,
    bias,
  );
  page.facts.follow(['summary'], ({ summary }) => {
    root.classList.toggle('waiting', summary === null);
    if (summary === null) return;
    const words = summaryWords(summary);
    numbers.long.show(words.long);
    numbers.short.show(words.short);
    numbers.price.show(words.price);
    numbers.magnet.show(words.magnet, words.magnetNote);
    bar.style.setProperty('--long-share', String(words.longShare));
    setText(bias, words.bias);
  });
  return root;
}

const MAGNET_TITLE = 'The densest zone. Nothing says that the price is drawn to it.';

function magnetNote(magnet: Band, summary: Summary): string {
  const notional = formatNotional(magnet.notional, summary.about.unit, summary.quote);
  return `${notional} · ${formatChange(magnet.distance, 1)}`;
}

function biasWords(bias: number | null): string {
  if (bias === null) return 'Nothing stands on either side';
  if (Math.abs(bias) < 0.05) return 'Both sides about even';
  const side = bias > 0 ? 'longs' : 'shorts';
  return `Leans to ${side} by ${formatShare(Math.abs(Math.round(bias * 100) / 100))}`;
}

function number(label: string, kind: string, title: string) {
  const value = element('b', {}, '–');
  const note = element('small', {});
  const root = element(
    'div',
    { class: `number ${kind}`, title },
    element('dt', {}, label),
    element('dd', {}, value, note),
  );
  const show = (text: string, more = ''): void => {
    setText(value, text);
    setText(note, more);
  };
  return { root, show };
}
