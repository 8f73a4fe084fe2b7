/** One call that puts the heatmap on a chart, keeps it up to date and takes it off again. */
import type { IChartApi, ISeriesApi, SeriesType, Time } from 'lightweight-charts';
import { type HeatmapQuery, LiqbandsClient, type Stream, type StreamHandlers } from '../../client';
import type { HeatmapPrimitiveOptions } from '../heatmap/options';
import { HeatmapPrimitive } from '../heatmap/primitive';
import { ChartTimeAxis } from '../time-axis';
import { Companions } from './companions';
import type { LiquidationHeatmapOptions } from './options';
import type { PriceRange } from './frame';
import { TileLoader } from './tile-loader';
import { lengthOf, timeframeOf } from './timeframes';
import { seenOf } from './view-seen';

export type { LiquidationHeatmapOptions } from './options';

/** A heatmap on a chart. */
export interface LiquidationHeatmap {
  /** The parts; null where they were not wanted. */
  readonly heatmap: HeatmapPrimitive;
  readonly bands: Companions['bands'];
  readonly profile: Companions['profile'];
  readonly events: Companions['events'];
  /** Change how the heatmap is drawn; nothing is asked for again. */
  applyOptions(options: Partial<HeatmapPrimitiveOptions>): void;
  /** Ask for everything again. */
  reload(): void;
  /** Take it off the chart and end all requests. */
  detach(): void;
}

/** So long the chart has to rest before tiles are asked for. */
const REST_MS = 120;

/**
 * Put the liquidation heatmap behind the candles of a series.
 *
 * @param chart - The chart.
 * @param series - With bars of `options.symbol`, whose times are UTC.
 * @param options - Where the server is, which symbol, and how it is drawn.
 *
 * @example
 * const heatmap = attachLiquidationHeatmap(chart, series, {
 *   baseUrl: 'https://heat.example', symbol: 'BINANCE:BTCUSDT.P', timeframe: '1h',
 * });
 * heatmap.applyOptions({ palette: 'safe' });
 * heatmap.detach();
 */
export function attachLiquidationHeatmap(
  chart: IChartApi,
  series: ISeriesApi<SeriesType, Time>,
  options: LiquidationHeatmapOptions,
): LiquidationHeatmap {
  return new AttachedHeatmap(chart, series, options);
}

class AttachedHeatmap implements LiquidationHeatmap {
  readonly heatmap: HeatmapPrimitive;
  readonly #client: LiqbandsClient;
  readonly #companions: Companions;
  #loader: TileLoader | null = null;
  #stream: Stream | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isDetached = false;

  constructor(
    private readonly chart: IChartApi,
    private readonly series: ISeriesApi<SeriesType, Time>,
    private readonly options: LiquidationHeatmapOptions,
  ) {
    const { baseUrl, fetch: ask } = options;
    this.#client = new LiqbandsClient(ask === undefined ? { baseUrl } : { baseUrl, fetch: ask });
    this.heatmap = new HeatmapPrimitive(drawingOf(options));
    this.heatmap.onViewChange = () => this.#later();
    series.attachPrimitive(this.heatmap);
    this.#companions = new Companions(this.#client, series, options);
    void this.#companions.refresh();
    this.#later();
  }

  get bands() {
    return this.#companions.bands;
  }

  get profile() {
    return this.#companions.profile;
  }

  get events() {
    return this.#companions.events;
  }

  applyOptions(options: Partial<HeatmapPrimitiveOptions>): void {
    this.heatmap.applyOptions(options);
    this.#companions.applyOptions(options);
  }

  reload(): void {
    this.#loader?.reset();
    this.#companions.reset();
    void this.#companions.refresh();
    this.#later();
  }

  detach(): void {
    this.#isDetached = true;
    this.#loader?.close();
    this.#stream?.close();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#companions.detach();
    this.series.detachPrimitive(this.heatmap);
  }

  #later(): void {
    if (this.#timer !== null || this.#isDetached) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#look();
    }, REST_MS);
  }

  async #look(): Promise<void> {
    const axis = this.heatmap.timeAxis();
    const seen = axis === null ? null : seenOf(this.chart, this.series, axis);
    if (axis === null || seen === null) return;
    this.#loader ??= this.#makeLoader(axis);
    await this.#loader.show(seen);
  }

  #makeLoader(axis: ChartTimeAxis): TileLoader {
    const last = axis.count() - 1;
    const times = Array.from(
      { length: Math.min(last + 1, 50) },
      (_, i) => axis.timeAt(last - i) ?? 0,
    );
    const timeframe = this.options.timeframe ?? timeframeOf(times.reverse());
    const query = { ...questionOf(this.options), timeframe };
    return new TileLoader(this.#client, query, lengthOf(timeframe), {
      addTile: (grid) => this.heatmap.addTile(grid),
      setColumn: (column) => this.heatmap.setColumn(column),
      tileAsked: (time) => void this.#companions.load(time),
      rowsChanged: (asked) => this.#rowsChanged(asked),
      problem: (problem) => this.options.onProblem?.(problem),
    });
  }

  #rowsChanged(query: HeatmapQuery & PriceRange): void {
    void this.#companions.look(query);
    if (this.options.follow === false) return;
    this.#stream?.close();
    this.#stream = this.#client.stream({ ...query, columns: LIVE_COLUMNS }, this.#handlers());
  }

  #handlers(): StreamHandlers {
    return {
      column: (column) => {
        if (this.#loader?.put(column) === false) this.reload();
      },
      bands: (answer) => void this.#companions.refresh(answer),
      liquidations: (events) => this.#companions.add(events),
      reload: () => this.reload(),
      state: (state) => {
        // What could not be loaded while the server was away.
        if (state === 'open') this.#later();
        this.options.onState?.(state);
      },
      problem: (problem) => this.options.onProblem?.(problem),
    };
  }
}

/** Columns of the heatmap whose last one is streamed: more than a stream makes good. */
const LIVE_COLUMNS = 64;

function questionOf(options: LiquidationHeatmapOptions): HeatmapQuery {
  const { symbol, venues, mode, side, leverage, maxAge, rows } = options;
  const asked = { symbol, venues, mode, side, leverage, maxAge, rows };
  const said = Object.entries(asked).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as unknown as HeatmapQuery;
}

function drawingOf(options: LiquidationHeatmapOptions): Partial<HeatmapPrimitiveOptions> {
  const { palette, background, range, opacity, visible, extendTo } = options;
  const drawing = { palette, background, range, opacity, visible, extendTo };
  const said = Object.entries(drawing).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said);
}
