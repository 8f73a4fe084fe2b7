/**
 * Whether a layer of our own can be put over a chart.  The chart library has no interface for that,
 * so its pane is looked for in the page, by its documented size and not by names that may change.
 */
import type { ChartWidgetApi, PaneApi } from './chart-api';

/** Pixels by which a canvas may be larger or smaller than the pane. */
const TOLERANCE = 1.5;

/** The only modes whose prices can be placed without knowing more: linear and logarithmic. */
const KNOWN_MODES: readonly number[] = [0, 1];

/** The pane of the candles, and the canvas that the chart draws it on. */
export interface FoundPane {
  readonly canvas: HTMLCanvasElement;
  readonly pane: PaneApi;
}

/** Why there can be no layer, for people. */
export interface NoPane {
  readonly reason: string;
}

/**
 * Find the pane of the candles.
 *
 * @param chart - With its bars drawn.
 * @param container - The element that the widget was put into.
 */
export function findPane(chart: ChartWidgetApi, container?: HTMLElement): FoundPane | NoPane {
  if (!container) return no('container must be given, the element that the widget was put into');
  const frame = container.querySelector('iframe');
  if (!frame) return no('there is no chart in the container');
  // Null, without an error, where the frame is of another origin.
  const inside = frame.contentDocument;
  if (!inside) return no('the chart is served from another origin');
  if (typeof OffscreenCanvas === 'undefined') return no('the browser cannot draw off the screen');
  const pane = chart.getPanes().find((one) => one.hasMainSeries());
  if (!pane) return no('the chart shows no pane with the candles');
  return canvasOf(chart, pane, inside) ?? no('no canvas has the size of the pane');
}

function no(reason: string): NoPane {
  return { reason };
}

function canvasOf(
  chart: ChartWidgetApi,
  pane: PaneApi,
  inside: Document,
): FoundPane | NoPane | null {
  const scale = pane.getMainSourcePriceScale();
  if (!scale?.getVisiblePriceRange()) return no('the candles have no price scale');
  if (!KNOWN_MODES.includes(scale.getMode())) {
    return no('the price scale is neither linear nor logarithmic');
  }
  const [width, height] = [chart.getTimeScale().width(), pane.getHeight()];
  const isNear = (one: number, other: number) => Math.abs(one - other) <= TOLERANCE;
  const found = [...inside.querySelectorAll('canvas')].filter(
    (one) => isNear(one.clientWidth, width) && isNear(one.clientHeight, height),
  );
  const [canvas] = found;
  if (!canvas) return null;
  // Canvases of one pane lie above each other; elsewhere there is a second chart of the same size.
  const isOne = found.every((one) => one.offsetParent === canvas.offsetParent);
  return isOne ? { canvas, pane } : no('several panes have the same size');
}
