/** Colours of the two sides and of words, the same for every part of the overlay. */
import type { Side } from '../client';
import type { Background } from './palette';

/** Colours of a background. */
export interface SideColors {
  /** Of each side, as `r g b` for `rgb(… / alpha)`. */
  long: string;
  short: string;
  /** Behind words, and the words themselves. */
  plate: string;
  text: string;
}

/** The sides differ in lightness as well as in hue, so colour-blind eyes tell them apart. */
const COLORS: Readonly<Record<Background, SideColors>> = {
  dark: { long: '240 160 48', short: '108 182 255', plate: '11 14 23', text: '230 233 242' },
  light: { long: '176 78 0', short: '0 84 166', plate: '255 255 255', text: '29 36 51' },
};

/** Return the colours on a background. */
export function sideColors(background: Background): SideColors {
  return COLORS[background];
}

/** Return the colour of a side with an opacity from 0 to 1. */
export function sideColor(background: Background, side: Side, alpha: number): string {
  return `rgb(${COLORS[background][side]} / ${alpha})`;
}
