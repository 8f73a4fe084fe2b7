/** The panel beside the view: everything that is not needed all the time. */
import { dragToClose } from '../controls/sheet';
import { byId, element } from '../dom';
import { icon } from '../icons';
import type { Page } from '../page';
import { colourPanel } from './colour';
import { dataPanel } from './data';
import { filtersPanel } from './filters';
import { layersPanel } from './layers';
import { strongestPanel } from './strongest';
import { summaryPanel } from './summary';
import { timePanel } from './time';

/** Narrower than this the panel lies over the view, and begins closed. */
const OVER_THE_VIEW = '(max-width: 900px)';

/** Fill the panel and let it open and close. */
export function buildPanel(page: Page): void {
  const panel = byId('panel');
  const grip = element('div', { class: 'grip' });
  const close = (): void => openPanel(page, false);
  const button = element(
    'button',
    { class: 'icon-button close', type: 'button', 'aria-label': 'Close panel', onclick: close },
    icon('close'),
  );
  const body = element(
    'div',
    { class: 'panel-body' },
    summaryPanel(page),
    timePanel(page),
    filtersPanel(page),
    colourPanel(page),
    layersPanel(page),
    strongestPanel(page),
    dataPanel(page),
  );
  panel.append(element('header', {}, grip, element('b', {}, 'Controls'), button), body);
  dragToClose(panel, grip, close);
  byId('veil').addEventListener('click', close);
  page.facts.set({ panelOpen: page.view.value.panel && !liesOver() });
  page.facts.follow(['panelOpen'], ({ panelOpen }) => {
    document.documentElement.dataset['panel'] = panelOpen ? 'open' : 'closed';
    panel.inert = !panelOpen;
  });
}

/** Open or close the panel; where it has its own place, a link remembers which. */
export function openPanel(page: Page, panelOpen: boolean): void {
  page.facts.set({ panelOpen });
  if (!liesOver()) page.view.set({ panel: panelOpen });
}

function liesOver(): boolean {
  return matchMedia(OVER_THE_VIEW).matches;
}
