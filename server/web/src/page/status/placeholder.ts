/** What stands in a view's place while it loads, where nothing is, or when something went wrong. */
import { ProblemError } from '../../client';
import { element } from '../dom';
import { icon } from '../icons';

/** What went wrong, in words. */
export interface Trouble {
  title: string;
  detail: string;
}

const GHOST_HEIGHTS = [40, 64, 52, 84, 70, 104, 76, 92, 60, 72, 48, 36];

/** Return what an error says to a person. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof ProblemError) {
    const detail = sentence(error.detail);
    if (error.status === 404) return { title: 'There is no such market', detail };
    if (error.status === 503) return { title: 'The server is busy', detail };
    return { title: 'The server refused this view', detail };
  }
  // A browser's own words for a connection that failed differ and say little.
  if (error instanceof TypeError) return NO_ANSWER;
  return { title: 'This view could not be drawn', detail: sentence(String(error)) };
}

/** Whether asking again by and by may help: nobody answered, or the server is busy. */
export function mayPass(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof ProblemError && error.status >= 500);
}

/** Begin with a capital and end with a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const ended = /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
  return ended.charAt(0).toUpperCase() + ended.slice(1);
}

/** Show that something is being fetched. */
export function showLoading(place: HTMLElement, words: string): void {
  const bars = GHOST_HEIGHTS.map((height, index) => {
    const bar = element('i', {});
    bar.style.setProperty('--height', `${height}px`);
    bar.style.setProperty('--delay', `${index * 80}ms`);
    return bar;
  });
  const ghost = element('div', { class: 'ghost' }, ...bars);
  const text = element('p', { role: 'status' }, words);
  place.replaceChildren(element('div', { class: 'card' }, ghost, text));
}

/**
 * Show what went wrong, and offer a way on.
 *
 * @param again - What the button does.
 * @param word - What it says.
 */
export function showTrouble(
  place: HTMLElement,
  trouble: Trouble,
  again: () => void,
  word = 'Try again',
): void {
  const retry = element('button', { type: 'button', class: 'button strong', onclick: again }, word);
  place.replaceChildren(
    element(
      'div',
      { class: 'card', role: 'alert' },
      icon('warning'),
      element('h2', {}, trouble.title),
      element('p', {}, trouble.detail),
      retry,
    ),
  );
}

/** Show that there is no market at all, and how to get one. */
export function showNoMarkets(place: HTMLElement): void {
  place.replaceChildren(
    element(
      'div',
      { class: 'card' },
      icon('empty'),
      element('h2', {}, 'No market yet'),
      element('p', {}, 'The first one may take a few seconds; this page shows it by itself.'),
      element('p', {}, 'Bring in your own candles, as CSV or Parquet:'),
      element('pre', {}, 'liqbands import candles.csv --venue bybit --symbol BTC/USDT:USDT'),
    ),
  );
}

/** Show the view again. */
export function clearPlaceholder(place: HTMLElement): void {
  place.replaceChildren();
}

const NO_ANSWER: Trouble = {
  title: 'The server does not answer',
  detail: 'It may be starting, or this device has no network. This page tries again by itself.',
};
