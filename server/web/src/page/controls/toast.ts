/** Short messages that go by themselves; a screen reader says them. */
import { element } from '../dom';
import { icon, type IconName } from '../icons';

const SHOWN_MS = 4_000;
let holder: HTMLElement | null = null;

/**
 * Say something for four seconds.
 *
 * @param message - One sentence.
 * @param sign - Icon in front of it.
 */
export function toast(message: string, sign: IconName = 'check'): void {
  holder ??= makeHolder();
  const one = element('div', { class: 'toast' }, icon(sign), message);
  holder.append(one);
  setTimeout(() => one.remove(), SHOWN_MS);
}

/** Made with the first message, and kept: a live region has to be there before it speaks. */
function makeHolder(): HTMLElement {
  const made = element('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });
  document.body.append(made);
  return made;
}
