/** The card that explains a cell or a bar, and where it stands. */
import { element } from '../dom';

/** One line: name, value, and the class of its colour. */
export interface TipRow {
  name: string;
  value: string;
  kind?: string;
}

/** One leverage layer. */
export interface TipLayer {
  label: string;
  value: string;
  /** Of the largest layer, 0 to 1. */
  share: number;
  colour: string;
}

/** Everything a card says. */
export interface TipContent {
  title: string;
  subtitle: string;
  rows: readonly TipRow[];
  layers: readonly TipLayer[];
  note?: string;
}

const GAP = 18;

/** Make an empty card; screen readers are told elsewhere. */
export function makeTip(): HTMLElement {
  return element('div', { class: 'tip', 'aria-hidden': 'true', hidden: true });
}

/** Write what a card says. */
export function fillTip(tip: HTMLElement, content: TipContent): void {
  const rows = content.rows.map((row) =>
    element(
      'div',
      { class: `row ${row.kind ?? ''}` },
      element('span', {}, row.name),
      element('b', {}, row.value),
    ),
  );
  const layers = content.layers.map(tipLayer);
  tip.replaceChildren(
    element('header', {}, element('b', {}, content.title), element('span', {}, content.subtitle)),
    element('div', { class: 'rows' }, ...rows),
    layers.length > 0 ? element('div', { class: 'layers' }, ...layers) : '',
    content.note === undefined ? '' : element('p', {}, content.note),
  );
}

/**
 * Return where a card stands: beside a point, inside a box.
 *
 * @param point - Pixels of the box.
 * @param size - Of the card.
 * @param box - Of what it must stay in.
 */
export function tipPlace(
  point: readonly [number, number],
  size: readonly [number, number],
  box: readonly [number, number],
): readonly [number, number] {
  const fitsRight = point[0] + GAP + size[0] <= box[0];
  const x = fitsRight ? point[0] + GAP : point[0] - GAP - size[0];
  const y = point[1] - size[1] / 2;
  return [clamp(x, 8, box[0] - size[0] - 8), clamp(y, 8, box[1] - size[1] - 8)];
}

/** Show a card beside a point; a style sheet may dock it elsewhere on a phone. */
export function showTip(tip: HTMLElement, point: readonly [number, number]): void {
  tip.hidden = false;
  const box = tip.offsetParent ?? document.body;
  const [x, y] = tipPlace(
    point,
    [tip.offsetWidth, tip.offsetHeight],
    [box.clientWidth, box.clientHeight],
  );
  // Where the style sheet docks it, the card leaves the half in which the finger is.
  tip.dataset['dock'] = point[1] < box.clientHeight / 2 ? 'bottom' : 'top';
  tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

function tipLayer(layer: TipLayer): HTMLElement {
  const bar = element('i', {});
  bar.style.setProperty('--share', String(layer.share));
  bar.style.background = layer.colour;
  return element(
    'div',
    { class: 'layer' },
    element('span', {}, layer.label),
    element('span', { class: 'bar-box' }, bar),
    element('b', {}, layer.value),
  );
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
