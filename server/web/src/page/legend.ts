/** The scale of colours: absolute notional under a gradient, on the square-root scale of the cells. */
import type { PaletteName } from '../overlay';
import { heatOf, paletteGradient } from '../overlay/palette';
import type { Tone } from './theme';

const RAMP_STEPS = 64;
const TRACK_STEPS = 48;

/** Notional of the first and of the last colour. */
export type Intensity = readonly [number, number];

/** Return the notional at a position of the scale, 0 to 1; 1 is `max`. */
export function notionalAt(position: number, max: number): number {
  return max * position ** 2;
}

/** Return the position of a notional on the scale, 0 to 1. */
export function positionOf(notional: number, max: number): number {
  if (!(max > 0)) return 0;
  return Math.min(1, Math.sqrt(Math.max(0, notional) / max));
}

/** Return a gradient of a style sheet that colours the scale as the heatmap is coloured. */
export function scaleGradient(
  palette: PaletteName,
  tone: Tone,
  intensity: Intensity,
  max: number,
): string {
  const ramp = paletteGradient(palette, tone, RAMP_STEPS);
  const range = { low: intensity[0], high: intensity[1] };
  const stops = Array.from({ length: TRACK_STEPS }, (_, step) => {
    const heat = heatOf(notionalAt(step / (TRACK_STEPS - 1), max), range);
    return ramp[Math.round(heat * (RAMP_STEPS - 1))] ?? 'transparent';
  });
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

/** Round to one significant step of 1, 2 or 5, upwards: figures that can be read. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 5, 7.5, 10].find((one) => one * power >= value * 0.9999) ?? 10;
  return step * power;
}
