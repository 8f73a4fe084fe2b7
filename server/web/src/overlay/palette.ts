/** Colours of the heat: from notional to a place on a ramp, and from there to red, green, blue. */

/** Ramps: blue to red, one that colour-blind eyes tell apart, and greys. */
export const PALETTE_NAMES = ['classic', 'safe', 'monochrome'] as const;
export type PaletteName = (typeof PALETTE_NAMES)[number];

/** What the chart's own background is. */
export type Background = 'dark' | 'light';

/** Notional of a cell that is just invisible, and of one in the hottest colour. */
export interface IntensityRange {
  low: number;
  high: number;
}

/** Stops at equal distances, cold to hot. */
const RAMPS: Readonly<Record<Background, Readonly<Record<PaletteName, string>>>> = {
  dark: {
    classic: '0d0b1e 231353 2c2d94 1f5fc4 2596c7 e0a83a fbd24e fb8c2e f2382c',
    safe: '00142f 00285f 2b3e70 545a6f 76766f 9b9168 c4ae5a f0cf42 fff08a',
    monochrome: '0c0d10 23252b 3c3f47 585c66 777c87 989da8 bcc0c9 ffffff',
  },
  light: {
    classic: 'fbfbfd dbe9f8 b1d0f0 7fb0e4 6d86d6 8f5cbf bd3f93 d92b53 b3121d',
    safe: 'fffdf2 f7e9a8 e3cd74 c0b06a 97956f 6f7675 495a78 223e74 001a44',
    monochrome: 'fcfcfd e3e4e8 c9cbd1 adb0b8 8f939d 70747f 50545f 2f323b 0b0c10',
  },
};

/** Below this place on the ramp the heat fades into the chart. */
const FADE = 0.1;

/** Red, green and blue from 0 to 255, and opacity from 0 to 1. */
export type Color = readonly [red: number, green: number, blue: number, alpha: number];

/** Return the place of a notional on the ramp, 0 to 1. */
export function heatOf(notional: number, range: IntensityRange): number {
  const span = range.high - range.low;
  if (!(span > 0)) return notional > range.low ? 1 : 0;
  return Math.min(1, Math.max(0, (notional - range.low) / span));
}

/** Return the colour at a place on the ramp, 0 to 1; at 0 nothing is drawn. */
export function heatColor(name: PaletteName, background: Background, heat: number): Color {
  const stops = RAMPS[background][name].split(' ');
  const place = heat * (stops.length - 1);
  const first = Math.min(Math.floor(place), stops.length - 2);
  const from = channels(stops[first] ?? '000000');
  const to = channels(stops[first + 1] ?? '000000');
  const mixed = from.map((one, i) => Math.round(one + ((to[i] ?? one) - one) * (place - first)));
  const [red = 0, green = 0, blue = 0] = mixed;
  return [red, green, blue, Math.min(1, heat / FADE)];
}

function channels(stop: string): number[] {
  const number = Number.parseInt(stop, 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** Return the ramp as colours of a style sheet, cold to hot, for a legend. */
export function paletteGradient(name: PaletteName, background: Background, steps = 32): string[] {
  return Array.from({ length: steps }, (_, step) => {
    const [red, green, blue, alpha] = heatColor(name, background, step / (steps - 1));
    return `rgb(${red} ${green} ${blue} / ${alpha.toFixed(3)})`;
  });
}

/** How bytes are coloured. */
export interface HeatStyle {
  palette: PaletteName;
  background: Background;
  range: IntensityRange;
  /** Of the hottest colour, 0 to 1. */
  opacity: number;
}

/**
 * Return the colour of every byte, where 255 stands for `max`, as four bytes red, green, blue and
 * alpha in the memory of one number.  Byte 0 is transparent.
 */
export function lookUpTable(style: HeatStyle, max: number): Uint32Array {
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let q = 1; q < 256; q++) {
    const heat = heatOf(max * (q / 255) ** 2, style.range);
    const [red, green, blue, alpha] = heatColor(style.palette, style.background, heat);
    bytes.set([red, green, blue, Math.round(255 * alpha * style.opacity)], q * 4);
  }
  return new Uint32Array(bytes.buffer);
}
