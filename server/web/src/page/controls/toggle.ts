/** Something that is on or off. */
import { element } from '../dom';

/** A switch with its words. */
export interface Toggle {
  root: HTMLElement;
  /** Show whether it is on, and whether it can be. */
  show(on: boolean, available?: boolean): void;
}

/**
 * Make a switch.
 *
 * @param label - What is switched.
 * @param flip - Called with what the user wants.
 */
export function toggle(label: string, flip: (on: boolean) => void): Toggle {
  const input = element('input', {
    type: 'checkbox',
    role: 'switch',
    onchange: () => flip(input.checked),
  });
  const note = element('span', { class: 'note' });
  const words = element('span', { class: 'words' }, label, note);
  const root = element('label', { class: 'toggle' }, words, input);
  const show = (on: boolean, available = true): void => {
    input.checked = on && available;
    input.disabled = !available;
    note.textContent = available ? '' : 'no data';
  };
  return { root, show };
}
