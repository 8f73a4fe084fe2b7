/** The book of now: bands, summary and map, asked for again when a bar has closed. */
import type { MapAnswer } from '../../client';
import { lengthOf } from '../../overlay/attach/timeframes';
import { Latest } from '../latest';
import { type Page, symbolQuery } from '../page';

const MAP_ROWS = 320;
/** A market that is played fast closes many bars in a second; one answer in two is enough. */
const REST_MS = 2_000;
/** A new book does not wait longer for the heatmap, which comes first. */
const LATEST_MS = 1_500;
const BANDS = 40;
const DAY_MS = 86_400_000;
/** A day is looked back over in about so many bars. */
const DAY_BARS = 24;

/** Keeps the newest book. */
export class BookNow {
  readonly #latest = new Latest();
  #askedAt = 0;
  #prices: { low: number; high: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /**
   * @param show - Given the map, for the profile; bands and summary go into the facts.
   * @param failed - Told what went wrong.
   */
  constructor(
    private readonly page: Page,
    private readonly show: (map: MapAnswer) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Ask, at once or when the last question has rested. */
  refresh(): void {
    if (this.#timer !== null) return;
    const waitMs = Math.max(0, this.#askedAt + REST_MS - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#ask();
    }, waitMs);
  }

  /** Reach as far as the heatmap does. */
  setPrices(low: number | undefined, high: number | undefined): void {
    if (low === undefined || high === undefined) return;
    const isSame = this.#prices?.low === low && this.#prices.high === high;
    if (isSame) return;
    this.#prices = { low, high };
    this.#askAfter(0);
  }

  /** Another book is wanted: when the heatmap says for which prices, or at the latest by itself. */
  reset(): void {
    this.#prices = null;
    this.page.facts.set({ bands: null, summary: null });
    this.#askAfter(LATEST_MS);
  }

  #askAfter(waitMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#askedAt = Date.now() - REST_MS + waitMs;
    this.refresh();
  }

  async #ask(): Promise<void> {
    this.#askedAt = Date.now();
    const { client, facts } = this.page;
    const query = symbolQuery(this.page);
    try {
      const found = await this.#latest.run((signal) =>
        Promise.all([
          client.summary(query, { signal }),
          client.map({ ...query, ...this.#prices, rows: MAP_ROWS }, { signal }),
          client.bands({ ...query, limit: BANDS }, { signal }),
          this.#dayAgo(signal),
        ]),
      );
      if (found === null) return;
      const [summary, map, bands, dayAgo] = found;
      this.show(map);
      facts.set({ summary, dayAgo, bands });
    } catch (error) {
      this.failed(error);
    }
  }

  /** Return the price a day before the newest bar. */
  async #dayAgo(signal: AbortSignal): Promise<number | null> {
    const timeframes = this.page.facts.value.listing?.timeframes ?? [];
    const timeframe = timeframes.find((one) => DAY_MS / lengthOf(one) <= DAY_BARS) ?? '1d';
    const countback = Math.ceil(DAY_MS / lengthOf(timeframe)) + 1;
    const query = { ...symbolQuery(this.page), timeframe, countback };
    const { bars } = await this.page.client.candles(query, { signal });
    return bars[0]?.close ?? null;
  }
}
