/** Follows the server: bars, columns, bands and liquidations as they happen. */
import type { Bar, HeatmapQuery, Liquidation, Stream, StreamState } from '../../client';
import type { Page } from '../page';
import type { Heat } from './heat';

/** Columns of the heatmap whose last one is streamed: more than a stream makes good. */
const LIVE_COLUMNS = 64;

/** What is done with what a stream tells. */
export interface LiveEvents {
  bar(bar: Bar): void;
  /** The connection stands again after it was lost. */
  back(): void;
  /** Too much was missed. */
  reload(): void;
}

/** The one stream of the page. */
export class Live {
  #stream: Stream | null = null;
  #wasLost = false;

  constructor(
    private readonly page: Page,
    private readonly heat: Heat,
    private readonly tell: LiveEvents,
  ) {
    addEventListener('online', () => this.#stream?.retry());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#stream?.retry();
    });
  }

  /** Follow a heatmap's question from now on. */
  follow(query: HeatmapQuery): void {
    this.close();
    const { fromMs: _from, toMs: _to, asOfMs: _asOf, window: _window, ...asked } = query;
    this.#stream = this.page.client.stream(
      { ...asked, columns: LIVE_COLUMNS },
      {
        bar: (bar) => this.tell.bar(bar),
        column: (column) => {
          this.#touch(column.asOfMs, column.stale);
          if (!this.heat.put(column)) this.tell.reload();
        },
        // The stream's own bands are fewer, and of the heatmap's side only.
        bands: () => this.heat.book.refresh(),
        liquidations: (events: Liquidation[]) => this.heat.addLiquidations(events),
        reload: () => this.tell.reload(),
        state: (state) => this.#changed(state),
      },
    );
  }

  /** End the stream. */
  close(): void {
    this.#stream?.close();
    this.#stream = null;
  }

  #changed(state: StreamState): void {
    this.page.facts.set({ stream: state });
    if (state === 'lost') this.#wasLost = true;
    if (state !== 'open' || !this.#wasLost) return;
    this.#wasLost = false;
    this.tell.back();
  }

  /** A column says how fresh everything is. */
  #touch(asOfMs: number, stale: boolean): void {
    const { about } = this.page.facts.value;
    if (about !== null && asOfMs > about.asOfMs) {
      this.page.facts.set({ about: { ...about, asOfMs, stale } });
    }
  }
}
