/** A button that opens a short list of actions. */
import { element } from '../dom';
import { icon, type IconName } from '../icons';

/** One action, or a link that leads somewhere. */
export interface MenuItem {
  label: string;
  note?: string;
  icon?: IconName;
  run(): void;
}

/**
 * Make a button with a menu below it.
 *
 * @param button - What opens it.
 * @param items - Asked for each time it opens, so that they are as things are then.
 * @returns What holds both.
 */
export function menu(button: HTMLButtonElement, items: () => readonly MenuItem[]): HTMLElement {
  const list = element('div', { class: 'menu', role: 'menu', hidden: true });
  const root = element('div', { class: 'menu-holder' }, button, list);
  button.setAttribute('aria-haspopup', 'menu');
  const show = (open: boolean): void => {
    list.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    if (!open) return;
    list.replaceChildren(...items().map((item) => menuItem(item, () => show(false))));
    (list.firstElementChild as HTMLElement | null)?.focus();
  };
  show(false);
  button.addEventListener('click', () => show(list.hidden === true));
  root.addEventListener('keydown', (event) => pressInMenu(event, list, button, show));
  root.addEventListener('focusout', (event) => {
    if (!root.contains(event.relatedTarget as Node | null)) show(false);
  });
  return root;
}

function menuItem(item: MenuItem, close: () => void): HTMLElement {
  const run = (): void => {
    close();
    item.run();
  };
  return element(
    'button',
    { type: 'button', role: 'menuitem', tabindex: -1, onclick: run },
    item.icon === undefined ? null : icon(item.icon),
    element('span', { class: 'words' }, item.label),
    item.note === undefined ? null : element('span', { class: 'note' }, item.note),
  );
}

function pressInMenu(
  event: KeyboardEvent,
  list: HTMLElement,
  button: HTMLButtonElement,
  show: (open: boolean) => void,
): void {
  if (list.hidden) return;
  const items = [...list.children] as HTMLElement[];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined) {
    event.preventDefault();
    items[(at + step + items.length) % items.length]?.focus();
  } else if (event.key === 'Escape') {
    event.stopPropagation();
    show(false);
    button.focus();
  }
}
