/** From values to pixels, and the figures along an axis. */

/** A straight scale; pixels may run either way. */
export interface LinearScale {
  toPixel(value: number): number;
  toValue(pixel: number): number;
}

/** Return the scale from one stretch of values to one of pixels. */
export function linearScale(
  values: readonly [number, number],
  pixels: readonly [number, number],
): LinearScale {
  const perValue = (pixels[1] - pixels[0]) / (values[1] - values[0] || 1);
  return {
    toPixel: (value) => pixels[0] + (value - values[0]) * perValue,
    toValue: (pixel) => values[0] + (pixel - pixels[0]) / perValue,
  };
}

/**
 * Return round values between two bounds.
 *
 * @param count - About how many.
 */
export function roundTicks(low: number, high: number, count: number): number[] {
  if (!(high > low) || count < 1) return [];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}
