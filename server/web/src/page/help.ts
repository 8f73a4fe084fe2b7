/** The help overlay: keys, fingers, and what the picture means. */
import { openDialog } from './controls/dialog';
import { element } from './dom';
import type { Shortcut } from './shortcuts';

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Home: 'Home',
};
const GESTURES: readonly [string, string][] = [
  ['Drag', 'move through time; on an axis: stretch it'],
  ['Wheel or pinch', 'zoom; bars follow while the timeframe is Auto'],
  ['Double click an axis', 'fit it again'],
  ['Hold', 'on a touch screen: explain the cell under the finger'],
];

/** Open the overlay. */
export function openHelp(shortcuts: readonly Shortcut[]): void {
  const keys = shortcuts.map(({ key, words }) => [NAMES[key] ?? key, words] as const);
  const content = element(
    'div',
    { class: 'help' },
    element('h3', {}, 'Keys'),
    element('dl', {}, ...keys.flatMap(([key, words]) => pair(element('kbd', {}, key), words))),
    element('h3', {}, 'Mouse and fingers'),
    element('dl', {}, ...GESTURES.flatMap(([name, words]) => pair(element('b', {}, name), words))),
    element('h3', {}, 'The picture'),
    element('p', {}, MEANING),
  );
  openDialog('Help', content, 'help-dialog');
}

const MEANING =
  'Each cell is the notional of positions that are open and would be liquidated at that price: ' +
  'longs below the price, shorts above. Rows end where the price reaches them. It is an estimate ' +
  'from open interest, volume and the rules of the venue; nothing says that the price is drawn ' +
  'to a dense zone.';

function pair(name: HTMLElement, words: string): HTMLElement[] {
  return [element('dt', {}, name), element('dd', {}, words)];
}
