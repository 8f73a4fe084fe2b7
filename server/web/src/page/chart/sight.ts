/**
 * What can be seen of the chart: put where the state wants it, and written into the state when the
 * user, or a script, moves it.
 */
import type { Logical } from 'lightweight-charts';
import type { Page } from '../page';
import { lengthOfWindow } from '../windows';
import type { BarList } from './bar-list';
import type { Board } from './board';
import { roomShare } from './room';
import { homeStretch, placeOfTime, seenStretch, type Stretch } from './place';

/** So long the chart has to rest before its place is written down. */
const REST_MS = 150;

/** How the chart lies on its time axis: new bars alone do not change it. */
interface Lie {
  spacing: number;
  scroll: number;
}

/** Keeps the visible range of times and prices, and the state, in step. */
export class Sight {
  #timeframeMs = 0;
  /** How the chart lies of its own accord; null while it is being moved there. */
  #lie: Lie | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isWriting = false;

  /**
   * @param moved - Called when the chart has been moved and rests again.
   */
  constructor(
    private readonly page: Page,
    private readonly board: Board,
    private readonly bars: BarList,
    private readonly moved: () => void,
  ) {
    board.chart.timeScale().subscribeVisibleLogicalRangeChange(() => this.#later());
    const place = board.chart.chartElement();
    // The price scale tells nobody when it is stretched: these are the ways to do it.
    for (const kind of ['pointerup', 'wheel', 'dblclick'] as const) {
      place.addEventListener(kind, () => this.#later(), { passive: true });
    }
  }

  /** Whether the state is being changed from here. */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  /** Show what the state wants. */
  apply(timeframeMs: number): void {
    this.#timeframeMs = timeframeMs;
    const { visible, window, prices } = this.page.view.value;
    const wanted = Math.round(lengthOfWindow(window) / timeframeMs);
    const room = roomShare(this.board.chart.timeScale().width());
    const home = homeStretch(this.bars.all.length, wanted, room);
    this.#go(visible === null ? home : this.#placesOf(visible));
    const scale = this.board.series.priceScale();
    scale.setAutoScale(prices === null);
    if (prices !== null) scale.setVisibleRange({ from: prices[0], to: prices[1] });
  }

  /** Change bars without moving what can be seen. */
  keep(change: () => void): void {
    const seen = this.#seen();
    change();
    if (seen !== null) this.#go(this.#placesOf(seen));
  }

  /** Move by a share of what can be seen; positive is towards now. */
  pan(share: number): void {
    const range = this.board.chart.timeScale().getVisibleLogicalRange();
    if (range === null) return;
    const step = (range.to - range.from) * share;
    this.#set([range.from + step, range.to + step]);
  }

  /** Zoom about the right edge; a factor above 1 shows more. */
  zoom(factor: number): void {
    const range = this.board.chart.timeScale().getVisibleLogicalRange();
    if (range === null) return;
    this.#set([range.to - (range.to - range.from) * factor, range.to]);
  }

  #placesOf(stretch: Stretch): Stretch {
    const bars = this.bars.all;
    const [from, to] = stretch.map((timeMs) => placeOfTime(bars, timeMs, this.#timeframeMs));
    return [from ?? 0, to ?? bars.length];
  }

  #go(places: Stretch): void {
    this.#lie = null;
    this.#set(places);
    // The chart moves with its next frame, and tells of it in the one after.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.#lie = this.#lieNow();
      }),
    );
  }

  #set([from, to]: Stretch): void {
    this.board.chart
      .timeScale()
      .setVisibleLogicalRange({ from: from as Logical, to: to as Logical });
  }

  #later(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#rests();
    }, REST_MS);
  }

  #rests(): void {
    const isMoved = this.#lie !== null && !sameLie(this.#lie, this.#lieNow());
    this.#isWriting = true;
    if (isMoved) {
      this.#lie = this.#lieNow();
      const visible = this.#seen();
      const autoTimeframe = visible === null ? '' : this.page.facts.value.timeframe;
      this.page.view.set({ visible, autoTimeframe });
    }
    this.#writePrices();
    this.#isWriting = false;
    this.moved();
  }

  #writePrices(): void {
    const scale = this.board.series.priceScale();
    const range = scale.options().autoScale ? null : scale.getVisibleRange();
    const digits = (price: number): number => Number(price.toPrecision(8));
    this.page.view.set({ prices: range && [digits(range.from), digits(range.to)] });
  }

  #seen(): Stretch | null {
    const range = this.board.chart.timeScale().getVisibleLogicalRange();
    const isEmpty = range === null || this.bars.all.length === 0;
    return isEmpty ? null : seenStretch(this.bars.all, range, this.#timeframeMs);
  }

  #lieNow(): Lie {
    const scale = this.board.chart.timeScale();
    return { spacing: scale.options().barSpacing, scroll: scale.scrollPosition() };
  }
}

function sameLie(one: Lie, other: Lie): boolean {
  return (
    Math.abs(one.spacing - other.spacing) < 1e-6 * one.spacing &&
    Math.abs(one.scroll - other.scroll) < 1e-3
  );
}
