/** The chart itself: lightweight-charts with one series of candles, dressed as the page is. */
import {
  type AutoscaleInfoProvider,
  CandlestickSeries,
  ColorType,
  createChart,
  CrosshairMode,
  type DeepPartial,
  type IChartApi,
  type ISeriesApi,
  PriceScaleMode,
  type TimeChartOptions,
} from 'lightweight-charts';
import { formatPrice, priceDecimals } from '../format';
import { colour, wantsLessMotion } from '../theme';
import type { Scale } from '../view-state';

/** A chart and its candles. */
export interface Board {
  chart: IChartApi;
  series: ISeriesApi<'Candlestick'>;
}

/** From this width on, type is larger, as in `tokens.css`. */
const LARGE = 2200;

/** What is added to the height of the candles on both sides: bands near the price are seen. */
const MORE_PRICES = 0.35;

/** Make a chart in an element. */
export function makeBoard(place: HTMLElement): Board {
  const chart = createChart(place, { autoSize: true, ...dressOf(), ...BEHAVIOUR });
  const series = chart.addSeries(CandlestickSeries, {
    ...candleDress(),
    priceLineStyle: 2,
    autoscaleInfoProvider: moreThanCandles,
  });
  return { chart, series };
}

/** Dress the chart as the page is now. */
export function dressBoard({ chart, series }: Board): void {
  chart.applyOptions(dressOf());
  series.applyOptions(candleDress());
}

/** Draw the price scale straight or logarithmic. */
export function scaleBoard({ series }: Board, scale: Scale): void {
  const mode = scale === 'log' ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal;
  series.priceScale().applyOptions({ mode, autoScale: true });
}

/** Write prices with the decimals that suit one of them. */
export function setDecimals({ series }: Board, price: number): void {
  const decimals = priceDecimals(price);
  series.applyOptions({
    priceFormat: {
      type: 'custom',
      minMove: 10 ** -decimals,
      formatter: (value: number) => formatPrice(value, decimals),
    },
  });
}

const BEHAVIOUR: DeepPartial<TimeChartOptions> = {
  crosshair: { mode: CrosshairMode.Normal },
  timeScale: { timeVisible: true, secondsVisible: false, minBarSpacing: 0.3 },
  handleScale: { axisPressedMouseMove: true },
  kineticScroll: { touch: !wantsLessMotion(), mouse: false },
};

const moreThanCandles: AutoscaleInfoProvider = (original) => {
  const info = original();
  const range = info?.priceRange;
  if (!info || !range) return info;
  const more = (range.maxValue - range.minValue) * MORE_PRICES;
  const minValue = Math.max(range.minValue - more, range.minValue / 2);
  return { ...info, priceRange: { minValue, maxValue: range.maxValue + more } };
};

function dressOf(): DeepPartial<TimeChartOptions> {
  const [line, grid] = [colour('line'), colour('grid')];
  const label = colour('hover');
  const cross = {
    color: colour('faint'),
    labelBackgroundColor: label,
    style: 3,
    width: 1,
  } as const;
  return {
    layout: {
      background: { type: ColorType.Solid, color: colour('chart') },
      textColor: colour('muted'),
      fontFamily: colour('font'),
      fontSize: innerWidth < LARGE ? 12 : 13,
      panes: { separatorColor: line, separatorHoverColor: colour('hover') },
    },
    grid: { vertLines: { color: grid }, horzLines: { color: grid } },
    crosshair: { vertLine: cross, horzLine: cross },
    rightPriceScale: { borderColor: line },
    timeScale: { borderColor: line },
  };
}

function candleDress() {
  const [rising, falling] = [colour('rising'), colour('falling')];
  return {
    upColor: rising,
    downColor: falling,
    borderVisible: false,
    wickUpColor: rising,
    wickDownColor: falling,
    priceLineColor: colour('mark'),
  };
}
