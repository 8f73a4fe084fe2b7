/** Entry of the chart page: from the address to everything on it. */
import { LiqbandsClient } from '../client';
import { type Actions, makeActions } from './actions';
import { keepAddress } from './address';
import { buildBandsView } from './bands/view';
import { buildBar } from './bar';
import { buildReadout } from './chart/readout';
import { chartSentence } from './chart/sentence';
import { ChartView } from './chart/view';
import { byId } from './dom';
import { buildFoot, legendStrip } from './foot';
import { followListings } from './market';
import { buildMapView } from './map/view';
import { makePage, type Page } from './page';
import { buildPanel } from './panels/panel';
import { exposeForTests } from './exposed';
import { liveButton } from './live-button';
import { countedFetch } from './pending';
import { listenForShortcuts } from './shortcuts';
import { pageShortcuts } from './keys';
import { connectionNotice } from './status/signs';
import { applyTheme, watchSystemTheme } from './theme';
import { explainCells } from './tooltip/cell-tip';
import { parseViewState, VIEWS } from './view-state';

/** Wire the page. */
function start(): void {
  const client = new LiqbandsClient({ baseUrl: '', fetch: countedFetch });
  const page = makePage(client, parseViewState(location.search));
  applyTheme(page.view.value.theme, page.view.value.palette);
  const { drawn, ready } = readiness();
  const view = new ChartView(page, () => tellDrawn(page, 'chart', drawn));
  exposeForTests(view, ready);
  const actions: Actions = makeActions(
    page,
    () => view.board.chart.takeScreenshot(),
    () => keys,
  );
  const keys = pageShortcuts(page, actions, view);
  buildBar(page, actions);
  buildPanel(page);
  buildFoot(page);
  byId('main').append(connectionNotice(page));
  buildChartExtras(page, view);
  buildMapView(page, () => tellDrawn(page, 'map', drawn));
  buildBandsView(page, () => tellDrawn(page, 'bands', drawn));
  listenForShortcuts(keys);
  showChosenView(page);
  followTheme(page, view);
  keepAddress(page);
  followNetwork(page);
  void followListings(page, drawn);
}

function followNetwork(page: Page): void {
  const look = (): void => page.facts.set({ online: navigator.onLine });
  addEventListener('online', look);
  addEventListener('offline', look);
  look();
}

function buildChartExtras(page: Page, view: ChartView): void {
  const place = byId('view-chart');
  buildReadout(page, view, place);
  explainCells(page, view, place);
  place.append(liveButton(page), legendStrip(page), chartSentence(page));
}

function readiness(): { drawn: () => void; ready: Promise<void> } {
  let drawn = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    drawn = resolve;
  });
  return { drawn: () => drawn(), ready };
}

function tellDrawn(page: Page, kind: string, drawn: () => void): void {
  if (page.view.value.view === kind) drawn();
}

/** Views that are not shown keep their size: a chart without one forgets its place. */
function showChosenView(page: Page): void {
  page.view.follow(['view'], ({ view }) => {
    for (const one of VIEWS) {
      const place = byId(`view-${one}`);
      place.classList.toggle('behind', one !== view);
      place.inert = one !== view;
    }
    document.documentElement.dataset['view'] = view;
  });
}

function followTheme(page: Page, view: ChartView): void {
  const dress = (): void => {
    applyTheme(page.view.value.theme, page.view.value.palette);
    view.dress();
  };
  page.view.watch(['theme', 'palette'], dress);
  watchSystemTheme(dress);
  // Canvases do not draw again by themselves when their font has come.
  void document.fonts.ready.then(() => view.dress());
}

start();
