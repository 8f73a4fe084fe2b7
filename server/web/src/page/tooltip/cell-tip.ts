/** Explains the cell under the crosshair: at once what the heatmap knows, then what the book adds. */
import type { MouseEventParams, Time } from 'lightweight-charts';
import type { ChartView } from '../chart/view';
import type { HeatmapCell } from '../../overlay';
import { type Page, symbolQuery } from '../page';
import { writeNotional } from '../panels/colour';
import { leverageColours } from '../theme';
import { fillTip, makeTip, showTip } from './card';
import { cellContent, type CellDress } from './cell-content';
import { type CellDetail, Moments } from './moments';

/** So long the crosshair has to rest on a cell before the book is asked. */
const REST_MS = 140;

/** Let the crosshair explain cells. */
export function explainCells(page: Page, view: ChartView, place: HTMLElement): void {
  const tip = makeTip();
  place.append(tip);
  const moments = new Moments(page.client);
  page.facts.watch(['bands'], () => moments.forgetNow());
  const dress: CellDress = {
    write: (notional) => writeNotional(page, notional),
    colours: (count) => leverageColours(page.view.value, count),
  };
  const shown = new ShownCell(page, moments, (cell, detail) =>
    fillTip(tip, cellContent(cell, detail, dress)),
  );
  view.board.chart.subscribeCrosshairMove((event) => {
    const cell = page.view.value.layers.includes('heat') ? cellAt(view, event) : null;
    shown.point(cell);
    if (cell === null || event.point === undefined) tip.hidden = true;
    else showTip(tip, [event.point.x, event.point.y]);
  });
}

function cellAt(view: ChartView, event: MouseEventParams<Time>): HeatmapCell | null {
  const isOnCandles = event.point !== undefined && (event.paneIndex ?? 0) === 0;
  if (!isOnCandles || event.time === undefined || event.point === undefined) return null;
  const price = view.board.series.coordinateToPrice(event.point.y);
  return price === null ? null : view.heat.heatmap.cellAt(Number(event.time) * 1000, price);
}

/** The cell that is explained. */
class ShownCell {
  #key = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly page: Page,
    private readonly moments: Moments,
    private readonly show: (cell: HeatmapCell, detail: CellDetail | null) => void,
  ) {}

  point(cell: HeatmapCell | null): void {
    const key = cell === null ? '' : `${cell.openTimeMs} ${cell.low} ${cell.notional}`;
    if (key === this.#key) return;
    this.#key = key;
    clearTimeout(this.#timer);
    if (cell === null) return;
    this.show(cell, null);
    this.#timer = setTimeout(() => void this.#explain(cell, key), REST_MS);
  }

  async #explain(cell: HeatmapCell, key: string): Promise<void> {
    const closeTimeMs = cell.isForming ? null : cell.closeTimeMs;
    try {
      const place = { closeTimeMs, low: cell.low, high: cell.high };
      const detail = await this.moments.detail(symbolQuery(this.page), place);
      if (key === this.#key) this.show(cell, detail);
    } catch {
      // The card keeps what the heatmap knows; the next cell asks again.
    }
  }
}
