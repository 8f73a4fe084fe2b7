/** The third view: bands as a table. */
import type { Band, BandsAnswer } from '../../client';
import { copyText } from '../actions';
import { byId, element, setText } from '../dom';
import { momentControl } from '../moment-control';
import { MomentView } from '../moment-view';
import type { Page } from '../page';
import { momentQuery } from '../question';
import { icon } from '../icons';
import { leverageColours } from '../theme';
import { nextSort, sortBands, sortOf } from './columns';
import { bandRow, headRow } from './rows';
import { bandsText } from './text';

const MOST_BANDS = 200;

/** What the view holds. */
interface BandsView {
  page: Page;
  head: HTMLElement;
  body: HTMLElement;
  count: HTMLElement;
  answer: BandsAnswer | null;
}

/**
 * Build the view.
 *
 * @param drawn - Called when there is a table, or it is said why there is none.
 */
export function buildBandsView(page: Page, drawn: () => void): void {
  const view = makeView(page);
  const moment = new MomentView<BandsAnswer>(page, {
    name: 'bands',
    words: 'Ranking the bands',
    question: ['venues', 'side', 'atMs'],
    ask: (signal) => {
      const query = { ...momentQuery(page), side: page.view.value.side, limit: MOST_BANDS };
      return page.client.bands(query, { signal });
    },
    show: (answer) => {
      view.answer = answer;
      showRows(view);
    },
    drawn,
  });
  byId('view-bands').append(tools(view), tableBox(view), moment.placeholder);
  page.view.watch(['sort', 'leverage', 'palette', 'theme'], () => showRows(view));
}

/** Return the bands as they stand in the table. */
function shownBands(view: BandsView): Band[] {
  const { sort, leverage } = view.page.view.value;
  const holds = (band: Band): boolean =>
    leverage === '' || (band.leverageNotional[leverage] ?? 0) > band.notional / 100;
  return sortBands((view.answer?.bands ?? []).filter(holds), sort);
}

function makeView(page: Page): BandsView {
  return {
    page,
    head: element('tr', {}),
    body: element('tbody', {}),
    count: element('span', { class: 'count' }),
    answer: null,
  };
}

function tools(view: BandsView): HTMLElement {
  const copy = element('button', { type: 'button', class: 'button' }, icon('copy'), 'Copy as text');
  copy.addEventListener('click', () => void copyBands(view));
  const space = element('div', { class: 'space' });
  return element('div', { class: 'tools' }, view.count, space, momentControl(view.page), copy);
}

function tableBox(view: BandsView): HTMLElement {
  const words = 'Bands, each a zone of dense liquidations';
  const caption = element('caption', { class: 'unseen' }, words);
  const table = element('table', {}, caption, element('thead', {}, view.head), view.body);
  const about = { tabindex: 0, role: 'region', 'aria-label': 'Table of bands' };
  return element('div', { class: 'table-box scroll', ...about }, table);
}

async function copyBands(view: BandsView): Promise<void> {
  if (view.answer === null) return;
  const bands = shownBands(view);
  await copyText(bandsText(view.answer, bands), `${bands.length} bands copied as text`);
}

function showRows(view: BandsView): void {
  const { answer, page } = view;
  if (answer === null) return;
  const { sort } = page.view.value;
  const press = (key: string): void => page.view.set({ sort: nextSort(sort, key) });
  view.head.replaceChildren(...headRow(sortOf(sort), press));
  const bands = shownBands(view);
  const layers = Object.keys(bands[0]?.leverageNotional ?? {});
  const colours = leverageColours(page.view.value, layers.length);
  const most = Math.max(...bands.map((band) => band.notional));
  const rows = bands.map((band, index) => bandRow(band, index, answer, { colours, most }));
  view.body.replaceChildren(...(rows.length > 0 ? rows : [noBands()]));
  setText(view.count, `${bands.length} bands`);
}

function noBands(): HTMLElement {
  const words = 'No dense zone stands out. Take off a filter, or another moment.';
  return element('tr', {}, element('td', { colspan: 10, class: 'nothing' }, words));
}
