/** The bar below the view: how far back, what the colours mean, as of when, and the connection. */
import { byId, element, setText } from './dom';
import { formatTime } from './format';
import type { Page } from './page';
import { gradientOf, writeNotional } from './panels/colour';
import { windowControl } from './panels/time';
import { connectionSign } from './status/signs';

/** Fill the bar. */
export function buildFoot(page: Page): void {
  byId('foot').append(
    element('div', { class: 'windows chart-only' }, windowControl(page)),
    element('div', { class: 'space' }),
    legendStrip(page),
    asOf(page),
    connectionSign(page),
  );
}

/** The scale of colours between its two figures. */
export function legendStrip(page: Page): HTMLElement {
  const low = element('span', {});
  const high = element('span', {});
  const ramp = element('i', {});
  const label = 'Colours of the heatmap, notional per price row';
  const root = element(
    'div',
    { class: 'legend-strip chart-only', role: 'img', title: label, 'aria-label': label },
    low,
    ramp,
    high,
  );
  const show = (): void => {
    const { intensity, scaleMax } = page.facts.value;
    root.hidden = scaleMax === 0;
    setText(low, writeNotional(page, intensity[0]));
    setText(high, `${writeNotional(page, intensity[1])}+`);
    ramp.style.background = gradientOf(page);
  };
  page.facts.follow(['intensity', 'scaleMax', 'about'], show);
  page.view.watch(['palette', 'theme'], show);
  return root;
}

function asOf(page: Page): HTMLElement {
  const words = element('span', { class: 'as-of', title: 'What was learnt later is not drawn' });
  page.facts.follow(['about'], ({ about }) => {
    setText(words, about === null ? '' : `${formatTime(about.asOfMs)} UTC`);
  });
  return words;
}
