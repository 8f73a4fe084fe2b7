/** Keys: one table that both acts and explains. */
import { isDialogOpen } from './controls/dialog';

/** One key, what it does in words, and doing it. */
export interface Shortcut {
  /** As `KeyboardEvent.key`. */
  key: string;
  words: string;
  run(): void;
}

/** Return the shortcut that a key event asks for; keys with Ctrl, Alt or Meta are the browser's. */
export function shortcutFor(
  shortcuts: readonly Shortcut[],
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>,
): Shortcut | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  return shortcuts.find((one) => one.key === event.key);
}

/** Let keys act wherever nobody is typing or moving a handle. */
export function listenForShortcuts(shortcuts: readonly Shortcut[]): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || isDialogOpen() || isTyping(event.target)) return;
    const shortcut = shortcutFor(shortcuts, event);
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run();
  });
}

/**
 * Return the member of a list that lies some steps further; it stops at the ends.
 *
 * @param from - Where to begin; the first where it is not in the list.
 */
export function stepped<T>(list: readonly T[], from: T, step: number): T {
  const at = Math.max(0, list.indexOf(from));
  return list[Math.min(list.length - 1, Math.max(0, at + step))] ?? from;
}

/** Return the member of a list that follows another, the first after the last. */
export function next<T>(list: readonly T[], after: T): T {
  return list[(list.indexOf(after) + 1) % list.length] ?? after;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches('textarea, select, [role="slider"], [role="menuitem"], input[type="text"]');
}
