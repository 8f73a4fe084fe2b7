/** Leads back to the newest bar. */
import { element } from './dom';
import { icon } from './icons';
import type { Page } from './page';

/** Make the button; it is there only where the view has been moved. */
export function liveButton(page: Page): HTMLElement {
  const button = element(
    'button',
    {
      type: 'button',
      class: 'live-button',
      title: 'To the newest bar (n)',
      onclick: () => page.view.set({ visible: null, prices: null }),
    },
    icon('live'),
    'Now',
  );
  page.view.follow(['visible', 'prices'], ({ visible, prices }) => {
    button.hidden = visible === null && prices === null;
  });
  return button;
}
