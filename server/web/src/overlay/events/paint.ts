/** Draws bubbles and sweep marks. */
import type { Viewport } from '../heatmap/viewport';
import { sideColor, sideColors } from '../side-colors';
import type { TimeAxis } from '../time-axis';
import { type Bubble, largestOf, radiusOf } from './bubbles';
import type { EventsPrimitiveOptions } from './options';
import type { Sweep } from './sweeps';

/** Where and how events are drawn. */
export interface EventScene {
  view: Viewport;
  axis: TimeAxis;
  /** Device pixels per CSS pixel. */
  ratio: number;
  options: EventsPrimitiveOptions;
}

/** Smaller bubbles, CSS pixels, are left out: they would be dust. */
const SMALLEST_RADIUS = 1.5;

/** Draw bubbles, the largest first, so that small ones stay visible on them. */
export function paintBubbles(
  context: CanvasRenderingContext2D,
  bubbles: readonly Bubble[],
  { view, ratio, options }: EventScene,
): void {
  const largest = options.largestNotional ?? largestOf(bubbles);
  context.lineWidth = ratio;
  context.strokeStyle = `rgb(${sideColors(options.background).plate} / 0.9)`;
  for (const { index, side, price, notional } of bubbles) {
    const radius = radiusOf(notional, largest, options.largestRadius) * ratio;
    const x = (view.edge(index) + view.edge(index + 1)) / 2;
    if (radius < SMALLEST_RADIUS * ratio || x < -radius || x > view.width + radius) continue;
    context.beginPath();
    context.arc(x, view.y(price), radius, 0, 2 * Math.PI);
    context.fillStyle = sideColor(options.background, side, 0.6);
    context.fill();
    context.stroke();
  }
}

/** Draw a bracket from edge to edge of each band that was swept, with a cross at its densest price. */
export function paintSweeps(
  context: CanvasRenderingContext2D,
  sweeps: readonly Sweep[],
  { view, axis, ratio, options }: EventScene,
): void {
  const arm = 4 * ratio;
  context.lineWidth = 1.5 * ratio;
  for (const { openTimeMs, side, price, low, high } of sweeps) {
    const index = axis.indexOf(openTimeMs);
    const x = (view.edge(index) + view.edge(index + 1)) / 2;
    if (x < -arm || x > view.width + arm) continue;
    const y = view.y(price);
    context.strokeStyle = sideColor(options.background, side, 0.95);
    context.beginPath();
    context.moveTo(x, view.y(low));
    context.lineTo(x, view.y(high));
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x - arm, y + arm);
    context.lineTo(x + arm, y - arm);
    context.stroke();
  }
}
