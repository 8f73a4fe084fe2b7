/** The heatmap behind the candles, as a series primitive. */
import type { CanvasRenderingTarget2D } from 'fancy-canvas';
import type {
  ISeriesPrimitive,
  IPrimitivePaneView,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import type { HeatmapColumn, HeatmapGrid } from '../../client';
import { chartView } from '../chart-view';
import type { IntensityRange, PaletteName } from '../palette';
import { ChartTimeAxis } from '../time-axis';
import { cellOf, type HeatmapCell } from './cell';
import { HEATMAP_OPTIONS, type HeatmapPrimitiveOptions } from './options';
import { Tiles } from './tiles';

/**
 * Draws heatmaps behind the candles of the series that it is attached to.  It never asks for data:
 * whoever owns it gives it tiles and columns.
 *
 * @example
 * const heatmap = new HeatmapPrimitive({ palette: 'safe' });
 * series.attachPrimitive(heatmap);
 * heatmap.setTiles([await client.heatmap({ symbol, timeframe: '1h', columns: 500 })]);
 */
export class HeatmapPrimitive implements ISeriesPrimitive<Time> {
  /** Called whenever the chart has moved, or has other bars; at most once for each frame. */
  onViewChange: (() => void) | null = null;
  #options: HeatmapPrimitiveOptions;
  readonly #tiles: Tiles;
  #attached: SeriesAttachedParameter<Time> | null = null;
  #axis: ChartTimeAxis | null = null;
  readonly #views: readonly IPrimitivePaneView[] = [
    {
      zOrder: () => 'bottom',
      renderer: () => ({ draw: (target: CanvasRenderingTarget2D) => this.#draw(target) }),
    },
  ];

  constructor(options: Partial<HeatmapPrimitiveOptions> = {}) {
    this.#options = { ...HEATMAP_OPTIONS, ...options };
    this.#tiles = new Tiles(this.#options);
  }

  /** Show these tiles and no others. */
  setTiles(grids: readonly HeatmapGrid[]): void {
    this.#tiles.set(grids);
    this.#update();
  }

  /** Show a tile as well; those that it overlaps give way. */
  addTile(grid: HeatmapGrid): void {
    this.#tiles.add(grid);
    this.#update();
  }

  /**
   * Replace the column of the same open time, or append it.
   *
   * @returns False where it does not fit what is shown: then the heatmap has to be asked for again.
   */
  setColumn(column: HeatmapColumn): boolean {
    const fits = this.#tiles.put(column);
    this.#update();
    return fits;
  }

  /** Draw in other colours; a range of null follows the newest tile. */
  setPalette(palette: PaletteName, range: IntensityRange | null = this.#options.range): void {
    this.applyOptions({ palette, range });
  }

  /** Change some options. */
  applyOptions(options: Partial<HeatmapPrimitiveOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.#tiles.style(this.#options);
    this.#update();
  }

  /** Return the options in force. */
  options(): Readonly<HeatmapPrimitiveOptions> {
    return this.#options;
  }

  /** Return the range in force: the one that was set, or that of the newest tile. */
  range(): IntensityRange {
    return this.#tiles.range();
  }

  /** Return the cell at a time, such as a bar's open, and a price; null where there is none. */
  cellAt(timeMs: number, price: number): HeatmapCell | null {
    const tile = this.#tiles.at(timeMs);
    return tile === null ? null : cellOf(tile, timeMs, price);
  }

  /** Return where times lie among the chart's bars; null while it is not attached. */
  timeAxis(): ChartTimeAxis | null {
    return this.#axis;
  }

  /** Called by the chart. */
  attached(parameter: SeriesAttachedParameter<Time>): void {
    this.#attached = parameter;
    this.#axis = new ChartTimeAxis(parameter.chart, parameter.horzScaleBehavior);
  }

  /** Called by the chart. */
  detached(): void {
    this.#attached = null;
    this.#axis = null;
  }

  /** Called by the chart. */
  paneViews(): readonly IPrimitivePaneView[] {
    return this.#options.visible ? this.#views : [];
  }

  /** Called by the chart. */
  updateAllViews(): void {
    this.onViewChange?.();
  }

  /** Called by the chart: the heatmap never widens the price scale. */
  autoscaleInfo(): null {
    return null;
  }

  #update(): void {
    this.#attached?.requestUpdate();
  }

  #draw(target: CanvasRenderingTarget2D): void {
    const [attached, axis] = [this.#attached, this.#axis];
    if (attached === null || axis === null || axis.count() === 0) return;
    target.useBitmapCoordinateSpace((scope) => {
      const view = chartView(attached, scope);
      if (view === null) return;
      const { context } = scope;
      context.imageSmoothingEnabled = false;
      this.#tiles.paint(context, view, axis, this.#leadTo(axis, view.indexAt(view.width)));
    });
  }

  #leadTo(axis: ChartTimeAxis, rightEdge: number): number | null {
    const ends = {
      none: null,
      lastBar: axis.count(),
      rightEdge: Math.max(axis.count(), rightEdge),
    };
    return ends[this.#options.extendTo];
  }
}
