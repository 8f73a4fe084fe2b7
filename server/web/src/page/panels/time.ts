/** Timeframe and window: which bars, and how far back. */
import { segmented, type Option } from '../controls/segmented';
import type { Listing, Window } from '../../client';
import type { Page } from '../page';
import { stepped } from '../shortcuts';
import { WINDOWS } from '../view-state';
import { chartOnly, labelled, section } from './section';

const FAVOURITES = ['1m', '5m', '15m', '30m', '1h', '4h', '1d', '1w'];
const WINDOW_WORDS: Readonly<Record<Window, string>> = {
  '12h': '12 hours',
  '1d': '1 day',
  '3d': '3 days',
  '1w': '1 week',
  '1M': '1 month',
  '3M': '3 months',
  '1y': '1 year',
};

/** Return what the bar offers: favourites that the listing has, and whatever is chosen. */
export function offeredTimeframes(listing: Listing | null, chosen: string): string[] {
  const all = listing?.timeframes ?? FAVOURITES;
  return all.filter((one) => FAVOURITES.includes(one) || one === chosen);
}

/** The section of the panel, for phones. */
export function timePanel(page: Page): HTMLElement {
  const root = section(
    'Time',
    'time',
    labelled('Timeframe', timeframeControl(page)),
    labelled('Window', windowControl(page)),
  );
  return chartOnly(root);
}

/** Choose the length of a bar. */
export function timeframeControl(page: Page): HTMLElement {
  const control = segmented('Timeframe', timeframeOptions(page), (timeframe) =>
    page.view.set({ timeframe }),
  );
  const show = (): void => {
    control.offer(timeframeOptions(page));
    control.show(page.view.value.timeframe);
  };
  show();
  page.facts.watch(['listing', 'timeframe'], show);
  page.view.watch(['timeframe'], show);
  return control.root;
}

/** Choose how far back; the view moves to the newest bar again. */
export function windowControl(page: Page): HTMLElement {
  const options = WINDOWS.map((value) => ({ value, label: value, title: WINDOW_WORDS[value] }));
  const control = segmented<Window>('Window', options, (window) => showWindow(page, window));
  page.view.follow(['window'], ({ window }) => control.show(window));
  return control.root;
}

/** Show a window up to the newest bar. */
export function showWindow(page: Page, window: Window): void {
  page.view.set({ window, visible: null, prices: null });
}

/** Show the next longer or shorter window. */
export function stepWindow(page: Page, step: number): void {
  showWindow(page, stepped(WINDOWS, page.view.value.window, step));
}

/** Take the next longer or shorter timeframe, beginning with what is drawn. */
export function stepTimeframe(page: Page, step: number): void {
  const { listing, timeframe } = page.facts.value;
  const timeframes = listing?.timeframes ?? [];
  page.view.set({ timeframe: stepped(timeframes, timeframe, step) });
}

function timeframeOptions(page: Page): Option<string>[] {
  const { listing, timeframe } = page.facts.value;
  const chosen = page.view.value.timeframe;
  const now = chosen === 'auto' && timeframe !== '' ? ` · ${timeframe}` : '';
  const auto = { value: 'auto', label: `Auto${now}`, title: 'The zoom decides' };
  const offered = offeredTimeframes(listing, chosen);
  return [auto, ...offered.map((value) => ({ value, label: value }))];
}
