/** How a profile is drawn. */
import type { Background, PaletteName } from '../palette';

/** Options of a profile primitive. */
export interface ProfilePrimitiveOptions {
  visible: boolean;
  palette: PaletteName;
  background: Background;
  /** Longest bar, share of the chart's width, and at most so many CSS pixels. */
  share: number;
  mostPixels: number;
  /** Opacity, 0 to 1. */
  opacity: number;
}

/** What holds where nothing else is said. */
export const PROFILE_OPTIONS: ProfilePrimitiveOptions = {
  visible: true,
  palette: 'classic',
  background: 'dark',
  share: 0.16,
  mostPixels: 180,
  opacity: 0.75,
};
