/**
 * The heatmap as a layer of our own over the pane of the candles.  It follows the chart frame by
 * frame and draws only when something has moved.
 */
import type { HeatmapColumn, HeatmapGrid, HeatmapQuery } from '../client';
import { TileLoader } from '../overlay/attach/tile-loader';
import type { Seen } from '../overlay/attach/view-seen';
import { HEATMAP_OPTIONS } from '../overlay/heatmap/options';
import { Tiles } from '../overlay/heatmap/tiles';
import { tickerOf } from './band-rectangles';
import { ColumnAxis, type Geometry, geometryOf, viewportOf } from './canvas-geometry';
import type { FoundPane } from './canvas-support';
import type { ChartWidgetApi } from './chart-api';
import type { Connection } from './connection';
import { type Timeframe, timeframeOf } from './resolutions';
import type { Following } from './shared-streams';
import type { Colours } from './strength-palette';

/** The layer lies above the candles, which have to be seen. */
const OPACITY = 0.6;

/** So long a chart has to rest before tiles are asked for. */
const REST_MS = 120;

/** How a layer is drawn, and who is told what does not work. */
export interface LayerOptions {
  readonly colours: Colours;
  readonly onProblem: (reason: string) => void;
}

/** A heatmap over a chart, until it is closed. */
export class CanvasLayer {
  readonly #chart: ChartWidgetApi;
  readonly #pane: FoundPane;
  readonly #connection: Connection;
  readonly #options: LayerOptions;
  readonly #canvas: HTMLCanvasElement;
  readonly #view: Window;
  #shown: ShownHeatmap | null = null;
  #drawn = '';
  #frame = 0;

  constructor(
    chart: ChartWidgetApi,
    pane: FoundPane,
    connection: Connection,
    options: LayerOptions,
  ) {
    this.#chart = chart;
    this.#pane = pane;
    this.#connection = connection;
    this.#options = options;
    this.#canvas = layerOver(pane.canvas);
    this.#view = pane.canvas.ownerDocument.defaultView ?? window;
    chart.onSymbolChanged().subscribe(null, this.#follow);
    chart.onIntervalChanged().subscribe(null, this.#follow);
    this.#follow();
    this.#next();
  }

  /** Take the layer away. */
  close(): void {
    this.#view.cancelAnimationFrame(this.#frame);
    this.#shown?.close();
    this.#canvas.remove();
    this.#chart.onSymbolChanged().unsubscribe(null, this.#follow);
    this.#chart.onIntervalChanged().unsubscribe(null, this.#follow);
  }

  readonly #follow = (): void => {
    const timeframe = timeframeOf(this.#chart.resolution());
    const symbol = tickerOf(this.#chart);
    if (this.#shown?.isOf(symbol, timeframe)) return;
    this.#shown?.close();
    this.#shown = timeframe
      ? new ShownHeatmap(this.#connection, symbol, timeframe, this.#options)
      : null;
  };

  #next(): void {
    this.#frame = this.#view.requestAnimationFrame(() => {
      this.#look();
      this.#next();
    });
  }

  #look(): void {
    const geometry = geometryOf(this.#chart, this.#pane.pane);
    const shown = this.#shown;
    const state = JSON.stringify([geometry, shown?.version, this.#view.devicePixelRatio]);
    if (state === this.#drawn) return;
    this.#drawn = state;
    this.#draw(geometry, shown);
    if (geometry && shown) shown.want(seenOf(this.#chart, geometry));
  }

  #draw(geometry: Geometry | null, shown: ShownHeatmap | null): void {
    const ratio = this.#view.devicePixelRatio;
    fit(this.#canvas, geometry ?? NOTHING, ratio);
    const painter = this.#canvas.getContext('2d');
    if (!geometry || !painter || !shown?.axis.count()) return;
    const { axis, tiles } = shown;
    painter.imageSmoothingEnabled = false;
    tiles.paint(painter, viewportOf(geometry, axis, ratio), axis, axis.count());
  }
}

const NOTHING = { width: 0, height: 0 };

/** Give a canvas a size in CSS pixels, and empty it. */
function fit(
  canvas: HTMLCanvasElement,
  { width, height }: { width: number; height: number },
  ratio: number,
): void {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
}

/** The heatmap of one symbol and timeframe. */
class ShownHeatmap {
  readonly axis: ColumnAxis;
  readonly tiles: Tiles;
  /** Rises with every change of what is shown. */
  version = 0;
  readonly #connection: Connection;
  readonly #symbol: string;
  readonly #timeframe: Timeframe;
  readonly #loader: TileLoader;
  #following: Following | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    connection: Connection,
    symbol: string,
    timeframe: Timeframe,
    { colours, onProblem }: LayerOptions,
  ) {
    this.#connection = connection;
    this.#symbol = symbol;
    this.#timeframe = timeframe;
    this.axis = new ColumnAxis(timeframe.lengthMs);
    this.tiles = new Tiles({ ...HEATMAP_OPTIONS, ...colours, opacity: OPACITY });
    const query = { symbol, timeframe: timeframe.name };
    this.#loader = new TileLoader(connection.client, query, timeframe.lengthMs, {
      addTile: (grid) => this.#add(grid),
      setColumn: (column) => this.#put(column),
      tileAsked: () => undefined,
      rowsChanged: (asked) => this.#stream(asked),
      problem: (problem) => onProblem(problem.message),
    });
  }

  isOf(symbol: string, timeframe: Timeframe | undefined): boolean {
    return symbol === this.#symbol && timeframe?.name === this.#timeframe.name;
  }

  /** Load what can be seen, once the chart rests. */
  want(seen: Seen): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#loader.show(seen), REST_MS);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#loader.close();
    this.#following?.close();
  }

  #add(grid: HeatmapGrid): void {
    this.axis.add(grid.openTimeMs);
    this.tiles.add(grid);
    this.version += 1;
  }

  #put(column: HeatmapColumn): boolean {
    this.axis.add([column.openTimeMs]);
    this.version += 1;
    return this.tiles.put(column);
  }

  #stream(query: HeatmapQuery): void {
    this.#following?.close();
    this.#following = this.#connection.client.stream(query, {
      column: (column) => {
        if (!this.#loader.put(column)) this.#reload();
      },
      reload: () => this.#reload(),
    });
  }

  #reload(): void {
    this.#loader.reset();
    // The next frame finds that something has changed, and wants what can be seen.
    this.version += 1;
  }
}

/** Return what can be seen; prices below nothing are left out. */
function seenOf(chart: ChartWidgetApi, { prices }: Geometry): Seen {
  const { from, to } = chart.getVisibleRange();
  const low = Math.max(prices.low, prices.high / 100);
  return { fromMs: from * 1000, toMs: to * 1000, prices: { low, high: prices.high } };
}

/** Return a canvas of our own right above a pane's. */
function layerOver(pane: HTMLCanvasElement): HTMLCanvasElement {
  const layer = pane.ownerDocument.createElement('canvas');
  layer.dataset['liqbands'] = 'heatmap';
  const { offsetLeft, offsetTop } = pane;
  Object.assign(layer.style, {
    position: 'absolute',
    left: `${offsetLeft}px`,
    top: `${offsetTop}px`,
    pointerEvents: 'none',
  });
  pane.after(layer);
  return layer;
}
