/** The first view: candles before the heatmap, with everything that moves it. */
import type { Bar } from '../../client';
import { lengthOf } from '../../overlay/attach/timeframes';
import { toast } from '../controls/toast';
import { byId, element } from '../dom';
import type { Page } from '../page';
import {
  clearPlaceholder,
  mayPass,
  showLoading,
  showTrouble,
  troubleOf,
} from '../status/placeholder';
import type { Layer } from '../view-state';
import { lengthOfWindow } from '../windows';
import { BarFeed } from './bar-feed';
import { type Board, dressBoard, makeBoard, scaleBoard, setDecimals } from './board';
import { candleOf } from './candles';
import { Heat } from './heat';
import { availablePanes } from './indicators';
import { Panes } from './panes';
import { mostBars, resampled, timeframeFor } from './resample';
import { Sight } from './sight';
import { Live } from './stream';

const RETRY_MS = 3_000;
const LEAST_KEPT = 1_500;
const OVERLAY_LAYERS: readonly Layer[] = ['heat', 'profile', 'bands', 'liquidations', 'sweeps'];

/** The chart and all that belongs to it. */
export class ChartView {
  readonly board: Board;
  readonly heat: Heat;
  readonly feed: BarFeed;
  readonly panes: Panes;
  readonly sight: Sight;
  readonly #live: Live;
  readonly #placeholder = element('div', { class: 'placeholder' });
  /** What the bars belong to: symbol and venues. */
  #shown = '';
  /** With more bars than that, a chart that nobody moves begins anew: memory stays flat for weeks. */
  #mostBars = Number.POSITIVE_INFINITY;

  /**
   * @param drawn - Called when a picture stands, or it is said why there is none.
   */
  constructor(
    private readonly page: Page,
    private readonly drawn: () => void,
  ) {
    byId('view-chart').append(this.#placeholder);
    this.board = makeBoard(byId('chart'));
    this.panes = new Panes(this.board.chart);
    this.feed = new BarFeed(page, {
      all: () => this.#drawBars(),
      more: (change) => this.#more(change),
      end: (bars) => this.#drawEnd(bars),
      failed: (error) => this.#failed(error),
    });
    this.sight = new Sight(page, this.board, this.feed.bars, () => this.#moved());
    this.heat = new Heat(page, this.board, this.feed.bars, {
      rowsChanged: (query) => this.#live.follow(query),
      drawn,
      failed: (error) => this.#failed(error),
    });
    this.#live = new Live(page, this.heat, {
      bar: (bar) => this.feed.live(bar),
      back: () => void this.feed.catchUp(),
      reload: () => this.#reload(),
    });
    this.#watch();
  }

  /** Load what the page wants to show, from its beginning. */
  async open(): Promise<void> {
    const { listing } = this.page.facts.value;
    if (listing === null) return;
    const wanted = [listing.symbol, ...this.page.view.value.venues].join();
    if (this.#shown !== wanted) showLoading(this.#placeholder, `Loading ${listing.symbol}`);
    const timeframe = this.#timeframe(listing.timeframes);
    this.#live.close();
    try {
      if (await this.feed.load(timeframe, lengthOf(timeframe))) this.#show(wanted, timeframe);
    } catch (error) {
      this.#broken(error, wanted);
    }
  }

  /** Dress everything as the page is now. */
  dress(): void {
    dressBoard(this.board);
    this.heat.dress();
    this.panes.setBars(this.feed.bars.all);
  }

  #show(wanted: string, timeframe: string): void {
    this.page.facts.set({ timeframe });
    this.page.view.set({ autoTimeframe: this.page.view.value.visible === null ? '' : timeframe });
    this.#drawBars();
    this.sight.apply(lengthOf(timeframe));
    if (this.#shown !== wanted) this.heat.book.reset();
    this.#shown = wanted;
    this.#mostBars = Math.max(LEAST_KEPT, 2 * this.feed.bars.all.length);
    this.heat.ask(timeframe);
    clearPlaceholder(this.#placeholder);
  }

  #drawBars(): void {
    const { all, last } = this.feed.bars;
    if (last !== undefined) setDecimals(this.board, last.close);
    this.board.series.setData(all.map(candleOf));
    const available = [...OVERLAY_LAYERS, ...availablePanes(all)];
    this.page.facts.set({ available });
    this.panes.show(this.page.view.value.layers, available, all);
    this.#tellPrice();
  }

  #more(change: () => void): void {
    this.sight.keep(() => {
      change();
      this.#drawBars();
    });
  }

  #drawEnd(bars: readonly Bar[]): void {
    for (const bar of bars) this.board.series.update(candleOf(bar));
    if (bars.length > 1) this.panes.setBars(this.feed.bars.all);
    else this.panes.updateLast(this.feed.bars.all);
    this.#tellPrice();
    this.#renew();
  }

  #renew(): void {
    const { visible } = this.page.view.value;
    if (visible !== null || this.feed.bars.all.length <= this.#mostBars) return;
    this.#mostBars = Number.POSITIVE_INFINITY; // Until it has begun anew.
    void this.open();
  }

  #tellPrice(): void {
    const { last } = this.feed.bars;
    if (last !== undefined && this.feed.hasNewest) this.page.facts.set({ bar: last });
  }

  #reload(): void {
    void this.feed.catchUp();
    this.heat.ask(this.page.facts.value.timeframe);
    this.heat.book.refresh();
  }

  #moved(): void {
    const range = this.board.chart.timeScale().getVisibleLogicalRange();
    if (range !== null) void this.feed.reach(range.from, range.to);
    this.#resample();
  }

  #resample(): void {
    const { timeframe: chosen, visible } = this.page.view.value;
    const { listing, timeframe } = this.page.facts.value;
    if (chosen !== 'auto' || visible === null || listing === null) return;
    if (this.#timeframe(listing.timeframes) !== timeframe) void this.open();
  }

  #timeframe(timeframes: readonly string[]): string {
    const { timeframe, autoTimeframe, visible, window } = this.page.view.value;
    if (timeframes.includes(timeframe)) return timeframe;
    const most = mostBars(byId('chart').clientWidth);
    if (visible === null) return timeframeFor(timeframes, lengthOfWindow(window), most);
    const spanMs = visible[1] - visible[0];
    if (!timeframes.includes(autoTimeframe)) return timeframeFor(timeframes, spanMs, most);
    return resampled(timeframes, autoTimeframe, spanMs, most);
  }

  #watch(): void {
    const { view, facts } = this.page;
    const ask = (): void => this.heat.ask(facts.value.timeframe);
    facts.watch(['listing'], () => void this.open());
    view.watch(['venues', 'timeframe', 'window', 'visible', 'prices'], () => {
      if (!this.sight.isWriting) void this.open();
    });
    view.watch(['side', 'leverage', 'maxAge', 'mode'], ask);
    view.watch(['layers'], ({ layers }, before) => {
      this.heat.dress();
      this.panes.show(layers, facts.value.available, this.feed.bars.all);
      const isNew = (one: Layer): boolean => layers.includes(one) && !before.layers.includes(one);
      if (isNew('liquidations') || isNew('sweeps')) ask();
    });
    view.watch(['scale'], ({ scale }) => scaleBoard(this.board, scale));
    view.watch(['intensity'], () => this.heat.dress());
    // Labels and profile have as much room as the chart is wide.
    this.board.chart.timeScale().subscribeSizeChange(() => this.heat.dress());
    scaleBoard(this.board, view.value.scale);
  }

  /** Nothing can be shown of what is wanted. */
  #broken(error: unknown, wanted: string): void {
    if (this.#shown === wanted) return this.#failed(error);
    showTrouble(this.#placeholder, troubleOf(error), () => void this.open());
    this.drawn();
    if (mayPass(error)) setTimeout(() => void this.open(), RETRY_MS);
  }

  /** Something could not be asked for; what is shown stays, and is asked for again as one moves. */
  #failed(error: unknown): void {
    // The sign of the connection says already that nobody answers.
    if (error instanceof TypeError) return;
    const { title, detail } = troubleOf(error);
    toast(`${title}: ${detail}`, 'warning');
  }
}
