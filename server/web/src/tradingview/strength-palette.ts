/** Sixteen colours from the weakest band to the strongest, as TradingView's palettes want them. */
import { type Background, heatColor, type PaletteName } from '../overlay/palette';

/** Steps of strength, as the server counts them. */
export const LEVELS = 16;

/** The weakest band is still to be seen, and the strongest does not hide the grid. */
const WEAKEST_HEAT = 0.25;
const WEAKEST_OPACITY = 0.25;
const STRONGEST_OPACITY = 0.8;

/** Which colours. */
export interface Colours {
  readonly palette: PaletteName;
  readonly background: Background;
}

/** What is taken where nothing is chosen. */
export const USUAL_COLOURS: Colours = { palette: 'classic', background: 'dark' };

/** Return the colour of each step, weakest first. */
export function strengthColours({ palette, background }: Colours): string[] {
  return Array.from({ length: LEVELS }, (_, level) => {
    const share = level / (LEVELS - 1);
    const heat = WEAKEST_HEAT + (1 - WEAKEST_HEAT) * share;
    const opacity = WEAKEST_OPACITY + (STRONGEST_OPACITY - WEAKEST_OPACITY) * share;
    const [red, green, blue] = heatColor(palette, background, heat);
    return `rgba(${red}, ${green}, ${blue}, ${opacity.toFixed(2)})`;
  });
}

/** Return the colour of a strength from 0 to 1. */
export function strengthColour(strength: number, colours: Colours): string {
  const level = Math.min(LEVELS - 1, Math.max(0, Math.floor(strength * LEVELS)));
  return strengthColours(colours)[level] ?? '';
}
