/** The visible part of a chart, in device pixels. */
import type { Run } from './runs';

/** Whatever can be drawn on: the chart's own canvas, or one in memory. */
export type Painter = Pick<
  CanvasRenderingContext2D,
  'drawImage' | 'save' | 'restore' | 'transform'
> & {
  imageSmoothingEnabled: boolean;
};

/** Where bars and prices lie. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
  /** Return the left edge of the bar at an index, which may lie outside. */
  edge(index: number): number;
  /** Return the index, with a fraction, whose left edge lies at a pixel. */
  indexAt(x: number): number;
  /** Return how far from the top a price lies. */
  y(price: number): number;
}

/** Columns of a bitmap, and the pixels that they are drawn on. */
export interface Slice {
  from: number;
  columns: number;
  x: number;
  width: number;
}

/** Return the visible part of a run; null where nothing of it can be seen. */
export function sliceOf(run: Run, view: Viewport): Slice | null {
  const columnAt = (x: number) => (view.indexAt(x) - run.index) / run.barsPerColumn;
  const from = Math.max(0, Math.floor(columnAt(0)));
  const to = Math.min(run.count, Math.ceil(columnAt(view.width)));
  if (to <= from) return null;
  const edge = (column: number) => Math.round(view.edge(run.index + column * run.barsPerColumn));
  const x = edge(from);
  return { from: run.column + from, columns: to - from, x, width: edge(to) - x };
}

/** Return a viewport upside down, for scales that are inverted: pictures cannot be drawn mirrored. */
export function mirrored(view: Viewport): Viewport {
  return {
    width: view.width,
    height: view.height,
    edge: (index) => view.edge(index),
    indexAt: (x) => view.indexAt(x),
    y: (price) => view.height - view.y(price),
  };
}
