/** Draws bands, magnets and their labels. */
import { sideColor, sideColors } from '../side-colors';
import type { TimeAxis } from '../time-axis';
import type { Viewport } from '../heatmap/viewport';
import { placeLabels } from './labels';
import type { BandMark } from './marks';
import type { BandsPrimitiveOptions } from './options';

/** Where and how marks are drawn. */
export interface MarkScene {
  view: Viewport;
  axis: TimeAxis;
  /** Device pixels per CSS pixel. */
  ratio: number;
  font: string;
  options: BandsPrimitiveOptions;
}

/** Below this width, CSS pixels, labels say less of their own accord. */
const NARROW = 640;
const LABEL_HEIGHT = 18;
const PADDING = 6;

/** Draw the lines and zones of marks, the strongest last. */
export function paintShapes(
  context: CanvasRenderingContext2D,
  marks: readonly BandMark[],
  scene: MarkScene,
): void {
  for (const mark of marks.toReversed()) paintShape(context, mark, scene);
}

/** Draw the labels of marks, as many as have room. */
export function paintLabels(
  context: CanvasRenderingContext2D,
  marks: readonly BandMark[],
  scene: MarkScene,
): void {
  const room = scene.view.height / scene.ratio;
  const wanted = marks.map((mark) => ({
    y: scene.view.y(mark.price) / scene.ratio,
    height: LABEL_HEIGHT,
    priority: mark.priority,
  }));
  const seen = wanted.map(({ y }, i) => (isSeen(y, room, marks[i]) ? i : -1)).filter((i) => i >= 0);
  const places = placeLabels(
    seen.map((i) => wanted[i] ?? { y: 0, height: 0, priority: 0 }),
    room,
  );
  seen.forEach((index, i) => {
    const [mark, place] = [marks[index], places[i] ?? null];
    if (mark !== undefined && place !== null) paintLabel(context, mark, place * scene.ratio, scene);
  });
}

/** A magnet out of sight is named at the edge beyond which it lies; a band is not. */
function isSeen(y: number, room: number, mark: BandMark | undefined): boolean {
  return mark?.kind === 'magnet' ? Number.isFinite(y) : y >= 0 && y <= room;
}

function paintShape(context: CanvasRenderingContext2D, mark: BandMark, scene: MarkScene): void {
  const { view, axis, options } = scene;
  const from = mark.fromMs === null ? 0 : Math.max(0, view.edge(axis.indexOf(mark.fromMs)));
  const y = Math.round(view.y(mark.price));
  if (from >= view.width) return;
  if (mark.kind === 'magnet') paintMagnet(context, mark, y, scene);
  else if (options.shape !== 'none') paintBand(context, mark, { from, y }, scene);
}

function paintMagnet(
  context: CanvasRenderingContext2D,
  mark: BandMark,
  y: number,
  { view, options, ratio }: MarkScene,
): void {
  const dash = 6 * ratio;
  context.fillStyle = sideColor(options.background, mark.side, 0.9);
  for (let x = 0; x < view.width; x += 2 * dash) context.fillRect(x, y, dash, thickness(ratio));
}

function paintBand(
  context: CanvasRenderingContext2D,
  mark: BandMark,
  { from, y }: { from: number; y: number },
  { view, options, ratio }: MarkScene,
): void {
  const width = view.width - from;
  context.fillStyle = sideColor(options.background, mark.side, 0.25 + 0.5 * mark.strength);
  context.fillRect(from, y, width, thickness(ratio));
  if (options.shape === 'line') return;
  const [low, high] = [view.y(mark.low), view.y(mark.high)];
  context.fillStyle = sideColor(options.background, mark.side, 0.08 + 0.14 * mark.strength);
  context.fillRect(from, Math.min(low, high), width, Math.abs(low - high));
}

function thickness(ratio: number): number {
  return Math.max(1, Math.round(ratio));
}

function paintLabel(
  context: CanvasRenderingContext2D,
  mark: BandMark,
  y: number,
  scene: MarkScene,
): void {
  const { view, ratio, options, font } = scene;
  const words = isShort(scene) || mark.detail === '' ? mark.text : `${mark.text} · ${mark.detail}`;
  const text = `${arrowOf(mark, view)}${words}`;
  context.font = font;
  const width = context.measureText(text).width + 2 * PADDING * ratio;
  const right = view.width - options.rightMargin * ratio;
  const height = (LABEL_HEIGHT - 2) * ratio;
  const colors = sideColors(options.background);
  context.fillStyle = `rgb(${colors.plate} / 0.82)`;
  context.fillRect(right - width, y - height / 2, width, height);
  context.fillStyle = sideColor(options.background, mark.side, 1);
  context.fillRect(right - width, y - height / 2, Math.max(2, 2 * ratio), height);
  context.fillStyle = `rgb(${colors.text})`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(text, right - width + PADDING * ratio, y);
}

function isShort({ options, view, ratio }: MarkScene): boolean {
  if (options.detail !== 'auto') return options.detail === 'short';
  return view.width / ratio < NARROW;
}

function arrowOf(mark: BandMark, view: Viewport): string {
  const y = view.y(mark.price);
  if (y < 0) return '↑ ';
  return y > view.height ? '↓ ' : '';
}
