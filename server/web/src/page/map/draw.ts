/** Draws the map: bars per price in layers, dotted cumulative curves, price and magnet lines. */
import { formatPrice } from '../format';
import { highestCurve, tallest, type MapBar } from './bars';
import { type LinearScale, linearScale, roundTicks } from './scale';

/** Colours of everything that is drawn. */
export interface MapColours {
  layers: readonly string[];
  long: string;
  short: string;
  mark: string;
  magnet: string;
  text: string;
  grid: string;
  chart: string;
  font: string;
}

/** What is drawn. */
export interface MapPicture {
  bars: readonly MapBar[];
  mark: number;
  /** Densest price; null where there is none. */
  magnet: number | null;
  /** Price under the pointer; null where it is elsewhere. */
  pointer: number | null;
  colours: MapColours;
  writeNotional(notional: number): string;
}

/** Where things lie, CSS pixels. */
export interface MapLayout {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  price: LinearScale;
  notional: LinearScale;
  cumulative: LinearScale;
}

/** Room for figures beside the bars. */
const SCALE_WIDTH = 64;
const HEADROOM = 1.06;
const PRICE_TICK_WIDTH = 92;
const NOTIONAL_TICK_HEIGHT = 56;

/** Return where things lie on a canvas of a size. */
export function mapLayout(bars: readonly MapBar[], width: number, height: number): MapLayout {
  const narrow = width < 560;
  const left = narrow ? 8 : SCALE_WIDTH;
  const right = width - (narrow ? 8 : SCALE_WIDTH);
  const [top, bottom] = [34, height - 30];
  const low = bars[0]?.low ?? 0;
  const high = bars[bars.length - 1]?.high ?? 1;
  return {
    width,
    height,
    left,
    right,
    top,
    bottom,
    price: linearScale([low, high], [left, right]),
    notional: linearScale([0, tallest(bars) * HEADROOM || 1], [bottom, top]),
    cumulative: linearScale([0, highestCurve(bars) * HEADROOM || 1], [bottom, top]),
  };
}

/** Draw everything; the context already counts in CSS pixels. */
export function drawMap(
  context: CanvasRenderingContext2D,
  layout: MapLayout,
  picture: MapPicture,
): void {
  context.clearRect(0, 0, layout.width, layout.height);
  context.font = picture.colours.font;
  drawGrid(context, layout, picture);
  drawBars(context, layout, picture);
  drawFigures(context, layout, picture);
  drawCurve(context, layout, picture, 'longCumulative', picture.colours.long);
  drawCurve(context, layout, picture, 'shortCumulative', picture.colours.short);
  const { mark, magnet, pointer, colours } = picture;
  if (magnet !== null) drawLine(context, layout, magnet, 'Magnet', colours.magnet, colours.chart);
  drawLine(context, layout, mark, 'Price', colours.mark, colours.chart);
  if (pointer !== null) drawPointer(context, layout, picture, pointer);
}

function drawGrid(context: CanvasRenderingContext2D, layout: MapLayout, picture: MapPicture): void {
  const { left, right, bottom, notional } = layout;
  context.strokeStyle = picture.colours.grid;
  context.lineWidth = 1;
  for (const value of notionalTicks(layout)) {
    const y = Math.round(notional.toPixel(value)) + 0.5;
    strokeLine(context, left, y, right, y);
  }
  strokeLine(context, left, bottom + 0.5, right, bottom + 0.5);
}

function notionalTicks({ top, bottom, notional }: MapLayout): number[] {
  const count = (bottom - top) / NOTIONAL_TICK_HEIGHT;
  return roundTicks(0, notional.toValue(top), count).slice(1);
}

/** Figures of bars on the left, of curves on the right, and prices below. */
function drawFigures(
  context: CanvasRenderingContext2D,
  layout: MapLayout,
  picture: MapPicture,
): void {
  const { left, right, notional, cumulative } = layout;
  context.fillStyle = picture.colours.text;
  context.textBaseline = 'middle';
  // On a narrow map the figures stand on their lines instead of beside the bars.
  const [inset, rise] = left < SCALE_WIDTH ? [0, -8] : [8, 0];
  for (const value of notionalTicks(layout)) {
    const y = notional.toPixel(value);
    context.textAlign = inset > 0 ? 'right' : 'left';
    drawFigure(context, picture, picture.writeNotional(value), [left - inset, y + rise]);
    context.textAlign = inset > 0 ? 'left' : 'right';
    const sum = picture.writeNotional(cumulative.toValue(y));
    drawFigure(context, picture, sum, [right + inset, y + rise]);
  }
  drawPrices(context, layout);
}

/** Write a figure with a rim, because it may stand on bars. */
function drawFigure(
  context: CanvasRenderingContext2D,
  { colours }: MapPicture,
  words: string,
  [x, y]: readonly [number, number],
): void {
  context.save();
  context.strokeStyle = colours.chart;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeText(words, x, y);
  context.restore();
  context.fillText(words, x, y);
}

function drawPrices(context: CanvasRenderingContext2D, layout: MapLayout): void {
  const { left, right, bottom, price } = layout;
  const count = (right - left) / PRICE_TICK_WIDTH;
  const prices = roundTicks(price.toValue(left), price.toValue(right), count);
  context.textAlign = 'center';
  for (const value of prices) {
    const x = price.toPixel(value);
    const isWhole = x > left + 24 && x < right - 24;
    if (isWhole) context.fillText(shortPrice(value, prices), x, bottom + 16);
  }
}

/** Write a price with no more decimals than the distance of the figures needs. */
function shortPrice(value: number, prices: readonly number[]): string {
  const step = Math.abs((prices[1] ?? value * 2) - (prices[0] ?? value));
  return formatPrice(value, Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 0.001))));
}

/** One path for each layer: six fills, however many rows. */
function drawBars(context: CanvasRenderingContext2D, layout: MapLayout, picture: MapPicture): void {
  const { price, notional } = layout;
  picture.colours.layers.forEach((colour, layer) => {
    context.beginPath();
    for (const bar of picture.bars) {
      const below = bar.layers.slice(0, layer).reduce((total, one) => total + one, 0);
      const [left, right] = edgesOf(price.toPixel(bar.low), price.toPixel(bar.high));
      const bottom = notional.toPixel(below);
      const top = notional.toPixel(below + (bar.layers[layer] ?? 0));
      if (bottom - top > 0.05) context.rect(left, top, right - left, bottom - top);
    }
    context.fillStyle = colour;
    context.fill();
  });
}

/** Whole pixels with one of them between two bars, so that no bar looks thicker than others. */
function edgesOf(low: number, high: number): readonly [number, number] {
  const left = Math.round(low);
  const right = Math.round(high);
  return right - left > 3 ? [left, right - 1] : [left, Math.max(right, left + 1)];
}

function drawCurve(
  context: CanvasRenderingContext2D,
  layout: MapLayout,
  picture: MapPicture,
  key: 'longCumulative' | 'shortCumulative',
  colour: string,
): void {
  const shown = picture.bars.filter((bar) => bar[key] > 0);
  context.save();
  context.beginPath();
  for (const bar of shown) {
    const x = layout.price.toPixel((bar.low + bar.high) / 2);
    context.lineTo(x, layout.cumulative.toPixel(bar[key]));
  }
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.lineCap = 'round';
  context.setLineDash([0.1, 4.5]);
  context.stroke();
  context.restore();
}

function drawLine(
  context: CanvasRenderingContext2D,
  layout: MapLayout,
  at: number,
  word: string,
  colour: string,
  ink: string,
): void {
  const x = Math.round(layout.price.toPixel(at)) + 0.5;
  if (x < layout.left || x > layout.right) return;
  context.save();
  context.strokeStyle = colour;
  context.setLineDash([4, 4]);
  strokeLine(context, x, layout.top - 4, x, layout.bottom);
  context.restore();
  drawTag(context, layout, `${word} ${formatPrice(at)}`, x, word === 'Price' ? 2 : 18, colour, ink);
}

function drawPointer(
  context: CanvasRenderingContext2D,
  layout: MapLayout,
  picture: MapPicture,
  pointer: number,
): void {
  const bar = picture.bars.find((one) => pointer >= one.low && pointer < one.high);
  if (bar === undefined) return;
  const [left, right] = [layout.price.toPixel(bar.low), layout.price.toPixel(bar.high)];
  context.save();
  context.globalAlpha = 0.14;
  context.fillStyle = picture.colours.mark;
  context.fillRect(left, layout.top, Math.max(2, right - left), layout.bottom - layout.top);
  context.restore();
}

function drawTag(
  context: CanvasRenderingContext2D,
  layout: MapLayout,
  words: string,
  x: number,
  y: number,
  colour: string,
  ink: string,
): void {
  const width = context.measureText(words).width + 12;
  const left = Math.min(layout.width - width - 2, Math.max(2, x - width / 2));
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(left, y, width, 15, 4);
  context.fill();
  context.fillStyle = ink;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(words, left + 6, y + 8);
}

function strokeLine(
  context: CanvasRenderingContext2D,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}
