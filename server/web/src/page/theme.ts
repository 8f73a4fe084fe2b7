/** Dark, light or as the system has it; and the colours of canvases, which style sheets cannot reach. */
import { layerColors } from '../overlay';
import type { Palette, Theme, ViewState } from './view-state';

/** What a theme comes to on this device. */
export type Tone = 'dark' | 'light';

const SYSTEM_IS_LIGHT = '(prefers-color-scheme: light)';

/** Return what a theme comes to. */
export function toneOf(theme: Theme): Tone {
  if (theme !== 'system') return theme;
  return matchMedia(SYSTEM_IS_LIGHT).matches ? 'light' : 'dark';
}

/** Dress the page; styles and `colour()` follow. */
export function applyTheme(theme: Theme, palette: Palette): void {
  const root = document.documentElement;
  root.dataset['tone'] = toneOf(theme);
  root.dataset['palette'] = palette;
  const bar = document.querySelector('meta[name="theme-color"]');
  bar?.setAttribute('content', colour('surface'));
}

/** Call a function whenever the system changes between dark and light. */
export function watchSystemTheme(changed: () => void): void {
  matchMedia(SYSTEM_IS_LIGHT).addEventListener('change', changed);
}

/** Return a colour token of `tokens.css` as it is now. */
export function colour(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
}

/**
 * Return a colour token with an opacity, as canvases take it.
 *
 * @param alpha - 0 to 1.
 */
export function fadedColour(token: string, alpha: number): string {
  return faded(colour(token), alpha);
}

/** Return `#rgb` or `#rrggbb`, as a style sheet may have either after it was built, with an opacity. */
export function faded(hex: string, alpha: number): string {
  const long = hex.length === 4 ? hex.replace(/[^#]/g, (digit) => digit + digit) : hex;
  const channels = [1, 3, 5].map((at) => Number.parseInt(long.slice(at, at + 2), 16));
  return `rgba(${channels.join(', ')}, ${alpha})`;
}

/** Return the colours of the leverage layers, low leverage first, as the overlay's profile has them. */
export function leverageColours(
  state: Pick<ViewState, 'palette' | 'theme'>,
  count: number,
): string[] {
  return layerColors(state.palette, toneOf(state.theme), count);
}

/** Whether the user asked for less motion. */
export function wantsLessMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
