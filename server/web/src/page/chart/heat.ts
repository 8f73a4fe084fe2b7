/** The overlay on the chart: heatmap, profile, bands and events, loaded and kept up to date. */
import {
  type HeatmapGrid,
  type HeatmapQuery,
  type Liquidation,
  type LiquidationsQuery,
  ProblemError,
} from '../../client';
import { BandsPrimitive, EventsPrimitive, HeatmapPrimitive, ProfilePrimitive } from '../../overlay';
import { TileLoader } from '../../overlay/attach/tile-loader';
import { lengthOf, type TileTime } from '../../overlay/attach/timeframes';
import { seenOf } from '../../overlay/attach/view-seen';
import { roundUp } from '../legend';
import { type Page, symbolQuery } from '../page';
import { positionsQuery } from '../question';
import { toneOf } from '../theme';
import type { BarList } from './bar-list';
import type { Board } from './board';
import { LiquidationList } from './liquidation-list';
import { roomOf } from './room';
import { BookNow } from './book-now';
import { Sweeps } from './sweeps';
import { clientFrom } from './tile-client';

/** So long the chart has to rest before tiles are asked for. */
const REST_MS = 120;
const EVENTS_PER_PAGE = 5_000;
const MOST_PAGES = 4;
/** The scale of the legend goes beyond the hottest colour by this factor. */
const BEYOND = 2.2;

/** What the overlay tells its surroundings. */
export interface HeatEvents {
  /** Live columns lie on other rows from now on: the stream has to be asked for them. */
  rowsChanged(query: HeatmapQuery): void;
  /** The first tile of a question is shown. */
  drawn(): void;
  failed(error: unknown): void;
}

/** Everything of the overlay. */
export class Heat {
  readonly heatmap = new HeatmapPrimitive({ extendTo: 'lastBar' });
  readonly profile = new ProfilePrimitive();
  readonly bands = new BandsPrimitive();
  readonly events = new EventsPrimitive();
  readonly book: BookNow;
  #loader: TileLoader | null = null;
  #sweeps: Sweeps | null = null;
  #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #liquidations = new LiquidationList();
  #isFirst = true;
  /** Whether the chart is where the question wants it. */
  #isMoved = false;
  /** Stretches whose events wait for the first tile, which is more important. */
  #waiting: TileTime[] = [];

  constructor(
    private readonly page: Page,
    private readonly board: Board,
    private readonly bars: BarList,
    private readonly tell: HeatEvents,
  ) {
    this.book = new BookNow(page, (map) => this.profile.setMap(map), tell.failed);
    this.heatmap.onViewChange = () => this.#later();
    for (const part of [this.heatmap, this.profile, this.bands, this.events]) {
      board.series.attachPrimitive(part);
    }
    page.facts.watch(['bands'], ({ bands }) => this.bands.setBands(bands));
    page.facts.watch(['summary'], ({ summary }) => this.bands.setSummary(summary));
    this.dress();
  }

  /** Ask for another heatmap; the one shown stays until the new one comes. */
  ask(timeframe: string): void {
    this.#loader?.close();
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#isFirst = true;
    this.#waiting = [];
    this.#sweeps = new Sweeps(this.page.client, { ...symbolQuery(this.page), timeframe });
    this.#liquidations.clear();
    this.events.setLiquidations([]);
    this.events.setSweeps([]);
    const query = { ...positionsQuery(this.page), timeframe };
    this.#loader = new TileLoader(clientFrom(this.page), query, lengthOf(timeframe), {
      addTile: (grid) => this.#addTile(grid),
      setColumn: (column) => this.heatmap.setColumn(column),
      tileAsked: (time) => this.#wantEvents(time),
      rowsChanged: (asked) => {
        this.book.setPrices(asked.low, asked.high);
        this.tell.rowsChanged(asked);
      },
      problem: (problem) => this.tell.failed(problem),
    });
    this.#isMoved = false;
    this.#lookOnceMoved(this.#loader);
  }

  /** Show a column of the stream; return false where everything has to be asked for again. */
  put(column: Parameters<TileLoader['put']>[0]): boolean {
    return this.#loader?.put(column) ?? true;
  }

  /** Show events of the stream. */
  addLiquidations(events: readonly Liquidation[]): void {
    this.#liquidations.tell(events);
    this.events.setLiquidations(this.#liquidations.all);
  }

  /** Draw in the colours and with the layers that the page wants now. */
  dress(): void {
    const { palette, theme, layers, intensity } = this.page.view.value;
    const background = toneOf(theme);
    const range = intensity === null ? null : { low: intensity[0], high: intensity[1] };
    const visible = layers.includes('heat');
    this.heatmap.applyOptions({ palette, background, range, visible });
    const hasProfile = layers.includes('profile');
    const { profile, labelMargin, detail, bubbles } = roomOf(this.board.chart.timeScale().width());
    const room = { share: 1, mostPixels: profile };
    this.profile.applyOptions({ palette, background, visible: hasProfile, ...room });
    const rightMargin = hasProfile ? labelMargin : 4;
    const hasBands = layers.includes('bands');
    this.bands.applyOptions({ background, visible: hasBands, rightMargin, detail });
    this.events.applyOptions({
      background,
      bubbles: layers.includes('liquidations'),
      sweeps: layers.includes('sweeps'),
      largestRadius: bubbles,
    });
    this.#tellScale();
  }

  #addTile(grid: HeatmapGrid): void {
    if (this.#isFirst) this.heatmap.setTiles([grid]);
    else this.heatmap.addTile(grid);
    this.#tellScale();
    if (!this.#isFirst) return;
    this.#isFirst = false;
    // The newest tile comes first, and speaks of now; older ones of their own time.
    this.page.facts.set({ about: grid.about });
    this.tell.drawn();
    for (const time of this.#waiting) void this.#loadEvents(time);
  }

  #tellScale(): void {
    const { low, high } = this.heatmap.range();
    if (!(high > Number.MIN_VALUE)) return;
    const { scaleMax } = this.page.facts.value;
    const isAuto = this.page.view.value.intensity === null;
    // A handle must not run away from the finger that moves it.
    const wanted = isAuto || high > scaleMax ? roundUp(high * BEYOND) : scaleMax;
    this.page.facts.set({ intensity: [low, high], scaleMax: wanted });
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.#look();
    }, REST_MS);
  }

  /** Look for the first time: the chart moves with its next frame, and has its prices then. */
  #lookOnceMoved(loader: TileLoader): void {
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (loader !== this.#loader) return;
        this.#isMoved = true;
        void this.#look();
      }),
    );
  }

  async #look(): Promise<void> {
    if (!this.#isMoved) return;
    const axis = this.heatmap.timeAxis();
    const seen = axis === null ? null : seenOf(this.board.chart, this.board.series, axis);
    if (seen !== null) await this.#loader?.show(seen);
  }

  #wantEvents(time: TileTime): void {
    if (this.#isFirst) this.#waiting.push(time);
    else void this.#loadEvents(time);
  }

  async #loadEvents(time: TileTime): Promise<void> {
    const signal = this.#stop.signal;
    const { layers } = this.page.view.value;
    try {
      const asked = { ...symbolQuery(this.page), ...time };
      if (layers.includes('liquidations')) {
        await this.#loadLiquidations(asked, signal);
      }
      if (layers.includes('sweeps')) await this.#loadSweeps(time, signal);
    } catch (error) {
      // What lies before the first bar is refused; there are no events then.
      const isBefore = error instanceof ProblemError && error.status === 400;
      if (!signal.aborted && !isBefore) this.tell.failed(error);
    }
  }

  /** Newest first, page by page: that is where one looks first. */
  async #loadLiquidations(asked: LiquidationsQuery, signal: AbortSignal): Promise<void> {
    const { client } = this.page;
    const { total } = await client.liquidations({ ...asked, limit: 1 }, { signal });
    for (let end = total, page = 0; end > 0 && page < MOST_PAGES; page++) {
      const offset = Math.max(0, end - EVENTS_PER_PAGE);
      const wanted = { ...asked, offset, limit: end - offset };
      this.#liquidations.load((await client.liquidations(wanted, { signal })).events);
      this.events.setLiquidations(this.#liquidations.all);
      end = offset;
    }
  }

  async #loadSweeps(time: TileTime, signal: AbortSignal): Promise<void> {
    await this.#sweeps?.load(time, signal);
    if (!signal.aborted) this.events.setSweeps(this.#sweeps?.among(this.bars.all) ?? []);
  }
}
