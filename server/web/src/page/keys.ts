/** The page's keyboard shortcuts. */
import type { Actions } from './actions';
import { searchSymbol } from './bar';
import type { ChartView } from './chart/view';
import type { Page } from './page';
import { openPanel } from './panels/panel';
import { leverageGroups } from './panels/filters';
import { stepTimeframe, stepWindow } from './panels/time';
import { next, type Shortcut } from './shortcuts';
import { MODES, PALETTES, SIDES, type ViewState } from './view-state';

/** Return all of them, in the order in which the help shows them. */
export function pageShortcuts(page: Page, actions: Actions, view: ChartView): Shortcut[] {
  return [
    ...viewKeys(page),
    ...filterKeys(page),
    ...chartKeys(page, view),
    { key: 'c', words: 'copy for TradingView', run: actions.copyForTradingView },
    { key: 'k', words: 'copy a link to this view', run: actions.copyLink },
    { key: 't', words: 'dark or light', run: actions.switchTheme },
    { key: 'f', words: 'controls', run: () => openPanel(page, !page.facts.value.panelOpen) },
    { key: '?', words: 'this help', run: actions.help },
  ];
}

function viewKeys(page: Page): Shortcut[] {
  const show = (view: ViewState['view']) => (): void => page.view.set({ view });
  return [
    { key: '/', words: 'choose a market', run: () => searchSymbol(page) },
    { key: '1', words: 'chart', run: show('chart') },
    { key: '2', words: 'map', run: show('map') },
    { key: '3', words: 'bands', run: show('bands') },
    { key: '[', words: 'shorter timeframe', run: () => stepTimeframe(page, -1) },
    { key: ']', words: 'longer timeframe', run: () => stepTimeframe(page, 1) },
    { key: ',', words: 'shorter window', run: () => stepWindow(page, -1) },
    { key: '.', words: 'longer window', run: () => stepWindow(page, 1) },
  ];
}

function filterKeys(page: Page): Shortcut[] {
  const { view } = page;
  const leverage = (): void => {
    const groups = ['', ...leverageGroups(page.facts.value, view.value)];
    view.set({ leverage: next(groups, view.value.leverage) });
  };
  return [
    { key: 's', words: 'side', run: () => view.set({ side: next(SIDES, view.value.side) }) },
    { key: 'l', words: 'leverage', run: leverage },
    {
      key: 'm',
      words: 'raw or smoothed',
      run: () => view.set({ mode: next(MODES, view.value.mode) }),
    },
    {
      key: 'p',
      words: 'palette',
      run: () => view.set({ palette: next(PALETTES, view.value.palette) }),
    },
  ];
}

function chartKeys(page: Page, { sight }: ChartView): Shortcut[] {
  const now = (): void => page.view.set({ visible: null, prices: null, atMs: null });
  return [
    { key: 'ArrowLeft', words: 'back in time', run: () => sight.pan(-0.15) },
    { key: 'ArrowRight', words: 'forward in time', run: () => sight.pan(0.15) },
    { key: '+', words: 'zoom in', run: () => sight.zoom(0.75) },
    { key: '-', words: 'zoom out', run: () => sight.zoom(1 / 0.75) },
    { key: 'n', words: 'now, and everything fitted', run: now },
  ];
}
