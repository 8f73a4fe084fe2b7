/** What can be done with what is shown: copied, shared, downloaded, looked up. */
import type { MenuItem } from './controls/menu';
import { toast } from './controls/toast';
import { downloadItems } from './download';
import { openHelp } from './help';
import type { Page } from './page';
import { openPineDialog } from './pine-dialog';
import type { Shortcut } from './shortcuts';
import { toneOf } from './theme';
import { formatViewState } from './view-state';

/** Everything that a bar, a menu or a key can start. */
export interface Actions {
  copyForTradingView(): void;
  copyLink(): void;
  switchTheme(): void;
  help(): void;
  downloads(): readonly MenuItem[];
  /** All of them, for the one menu of a phone. */
  all(): readonly MenuItem[];
}

/**
 * Put the actions together.
 *
 * @param picture - Draws the chart as it is; null while there is none.
 * @param shortcuts - What the help explains.
 */
export function makeActions(
  page: Page,
  picture: () => HTMLCanvasElement | null,
  shortcuts: () => readonly Shortcut[],
): Actions {
  const actions = {
    copyForTradingView: () => void openPineDialog(page),
    copyLink: () => void copyLink(page),
    switchTheme: () =>
      page.view.set({ theme: toneOf(page.view.value.theme) === 'dark' ? 'light' : 'dark' }),
    help: () => openHelp(shortcuts()),
    downloads: () => downloadItems(page, picture),
    all: (): readonly MenuItem[] => [
      { label: 'Copy for TradingView', icon: 'copy', run: actions.copyForTradingView },
      { label: 'Copy a link to this view', icon: 'link', run: actions.copyLink },
      { label: 'Dark or light', icon: 'sun', run: actions.switchTheme },
      ...actions.downloads(),
      { label: 'Help', icon: 'help', run: actions.help },
    ],
  } satisfies Actions;
  return actions;
}

/** Write a text to the clipboard, and say whether that worked. */
export async function copyText(text: string, done: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
    return true;
  } catch (error) {
    // Browsers refuse where the page has no secure address, or the user has said no.
    const reason = error instanceof Error ? error.message : 'the browser refused';
    toast(`Not copied: ${reason}`, 'warning');
    return false;
  }
}

async function copyLink(page: Page): Promise<void> {
  const address = new URL(location.href);
  const symbol = page.view.value.symbol || (page.facts.value.listing?.symbol ?? '');
  address.search = formatViewState({ ...page.view.value, symbol });
  await copyText(address.href, 'Link copied: it opens exactly this view');
}
