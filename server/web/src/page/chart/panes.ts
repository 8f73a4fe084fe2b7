/** The panes below the candles: volume, taker delta, open interest, funding. */
import {
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  PriceScaleMode,
  type Time,
} from 'lightweight-charts';
import type { Bar } from '../../client';
import { formatCompact, formatRate } from '../format';
import { colour, fadedColour } from '../theme';
import type { Layer } from '../view-state';
import { PANE_LAYERS, type PaneColours, type PaneLayer, panePoints } from './indicators';

type PaneSeries = ISeriesApi<'Histogram' | 'Line'>;

const MAIN_SHARE = 6;
const FIGURES: Readonly<Record<PaneLayer, (value: number) => string>> = {
  volume: formatCompact,
  delta: formatCompact,
  openInterest: formatCompact,
  funding: formatRate,
};

/** Shows and hides panes, and keeps their data in step with the bars. */
export class Panes {
  readonly #shown = new Map<PaneLayer, PaneSeries>();

  constructor(private readonly chart: IChartApi) {}

  /** Show the panes of some layers, those without data left out. */
  show(layers: readonly Layer[], available: readonly Layer[], bars: readonly Bar[]): void {
    const wanted = PANE_LAYERS.filter((one) => layers.includes(one) && available.includes(one));
    const isSame =
      wanted.length === this.#shown.size && wanted.every((one) => this.#shown.has(one));
    if (!isSame) this.#build(wanted);
    this.setBars(bars);
  }

  /** Draw all bars. */
  setBars(bars: readonly Bar[]): void {
    const colours = paneColours();
    for (const [layer, series] of this.#shown) series.setData(panePoints(layer, bars, colours));
  }

  /** Draw the last bar anew. */
  updateLast(bars: readonly Bar[]): void {
    const colours = paneColours();
    for (const [layer, series] of this.#shown) {
      const point = panePoints(layer, bars, colours).at(-1);
      if (point !== undefined) series.update(point);
    }
  }

  /** Which panes there are, and how far down each begins, in pixels. */
  tops(): { layer: PaneLayer; top: number }[] {
    const heights = this.chart.panes().map((pane) => pane.getHeight() + 1);
    return [...this.#shown.keys()].map((layer, index) => ({
      layer,
      top: heights.slice(0, index + 1).reduce((sum, height) => sum + height, 0),
    }));
  }

  #build(wanted: readonly PaneLayer[]): void {
    for (const series of this.#shown.values()) this.chart.removeSeries(series);
    this.#shown.clear();
    wanted.forEach((layer, index) => {
      this.#shown.set(layer, addPane(this.chart, layer, index + 1));
      this.chart.panes()[index + 1]?.setStretchFactor(1);
    });
    this.chart.panes()[0]?.setStretchFactor(MAIN_SHARE);
  }
}

function addPane(chart: IChartApi, layer: PaneLayer, index: number): PaneSeries {
  const options = {
    priceLineVisible: false,
    lastValueVisible: false,
    priceFormat: { type: 'custom', minMove: 1e-8, formatter: FIGURES[layer] },
  } as const;
  const isColumns = layer === 'volume' || layer === 'funding';
  const line = { ...options, color: colour('text'), lineWidth: 2, lineType: 0 } as const;
  const series: ISeriesApi<'Histogram', Time> | ISeriesApi<'Line', Time> = isColumns
    ? chart.addSeries(HistogramSeries, options, index)
    : chart.addSeries(LineSeries, line, index);
  series.priceScale().applyOptions({
    // A new pane takes the mode of the price scale, which a pane of volume must not have.
    mode: PriceScaleMode.Normal,
    scaleMargins: { top: 0.22, bottom: isColumns ? 0 : 0.1 },
  });
  return series as PaneSeries;
}

/** The candles' own colours, held back. */
function paneColours(): PaneColours {
  return { rising: fadedColour('rising', 0.5), falling: fadedColour('falling', 0.5) };
}
