/** Dialogs: the browser's own, which keeps the focus inside and closes on Escape. */
import { element } from '../dom';
import { icon } from '../icons';

/** An open dialog. */
export interface Dialog {
  root: HTMLDialogElement;
  close(): void;
}

/**
 * Open a dialog; it leaves the page when it is closed.
 *
 * @param title - Its heading.
 * @param content - What stands below.
 * @param kind - Class for its size.
 */
export function openDialog(title: string, content: Node, kind = ''): Dialog {
  const heading = element('h2', { id: `dialog-${kind || 'plain'}` }, title);
  const close = element(
    'button',
    { class: 'icon-button', type: 'button', 'aria-label': 'Close', onclick: () => root.close() },
    icon('close'),
  );
  const root = element(
    'dialog',
    { class: `dialog ${kind}`, 'aria-labelledby': heading.id },
    element('header', {}, heading, close),
    content,
  );
  root.addEventListener('click', (event) => {
    // Only a click beside it has the dialog itself as its target: the content covers all of it.
    if (event.target === root) root.close();
  });
  root.addEventListener('close', () => root.remove());
  document.body.append(root);
  root.showModal();
  return { root, close: () => root.close() };
}

/** Whether a dialog is open: shortcuts of the page rest then. */
export function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
