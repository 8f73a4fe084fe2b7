/** The numbers above the map: both totals, the price, the magnet, and the bias. */
import type { Summary } from '../../client';
import { element, setText } from '../dom';
import { formatTime } from '../format';
import { summaryWords } from '../panels/summary';

/** Make the cards; `show` fills them. */
export function numberCards(): { root: HTMLElement; show(summary: Summary): void } {
  const long = card('Total long', 'long');
  const price = card('Price', 'price');
  const magnet = card('Magnet', 'magnet');
  const short = card('Total short', 'short');
  const bias = card('Bias', 'lean');
  const bar = element('div', { class: 'bias-bar' }, element('i', {}));
  bias.root.lastElementChild?.append(bar);
  const cards = [long, price, magnet, short, bias].map((one) => one.root);
  const root = element('dl', { class: 'cards' }, ...cards);
  const show = (summary: Summary): void => {
    const words = summaryWords(summary);
    long.show(words.long, 'below the price');
    price.show(words.price, `${formatTime(summary.timeMs)} UTC`);
    magnet.show(words.magnet, words.magnetNote);
    short.show(words.short, 'above the price');
    bias.show(words.bias, '');
    bar.style.setProperty('--long-share', String(words.longShare));
  };
  return { root, show };
}

function card(label: string, kind: string) {
  const value = element('b', {}, '–');
  const note = element('small', {});
  const root = element(
    'div',
    { class: `number ${kind}` },
    element('dt', {}, label),
    element('dd', {}, value, note),
  );
  const show = (words: string, more: string): void => {
    setText(value, words);
    setText(note, more);
  };
  return { root, show };
}
