/** Loads bars: those that are shown first, and older or newer ones as the chart is moved. */
import type { Bar, CandlesAnswer, CandlesQuery } from '../../client';
import { Latest } from '../latest';
import { type Page, symbolQuery } from '../page';

/** Bars beyond both ends of what is shown first, and of every further question. */
const BEYOND = 200;
const MORE = 600;
/** A stretch further from now than so many bars is loaded without what came after it. */
const MOST_FIRST = 6_000;
/** A window of more bars than that is cut: they could not be told apart. */
const MOST_IN_WINDOW = 4_000;

/** What is to be shown first. */
export interface FirstBars {
  timeframe: string;
  timeframeMs: number;
  /** Time at both edges; null is a window up to now. */
  visible: readonly [number, number] | null;
  windowMs: number;
}

/** Asks for bars of what the page shows. */
export class History {
  readonly #first = new Latest();
  readonly #more = new Latest();
  #wanted: FirstBars | null = null;
  #isBusy = false;
  /** Whether nothing older exists, and whether the newest bar is loaded. */
  hasAllOlder = false;
  hasNewest = true;

  constructor(private readonly page: Page) {}

  /** Ask for the first bars; null where something else has been asked for meanwhile. */
  async load(wanted: FirstBars): Promise<CandlesAnswer | null> {
    this.#wanted = wanted;
    this.hasAllOlder = false;
    this.hasNewest = true;
    return this.#first.run(async (signal) => {
      const query = this.#firstQuery(wanted);
      return this.page.client.candles(query, { signal });
    });
  }

  /** Ask for bars before one; empty where there are none, or it is asked for already. */
  async older(first: Bar): Promise<readonly Bar[]> {
    if (this.hasAllOlder) return [];
    const bars = await this.#ask({ toMs: first.openTimeMs, countback: MORE });
    const found = bars?.filter((bar) => bar.openTimeMs < first.openTimeMs) ?? [];
    if (bars !== null) this.hasAllOlder = found.length === 0;
    return found;
  }

  /** Ask for bars from one on; empty where it is the newest, or it is asked for already. */
  async newer(last: Bar): Promise<readonly Bar[]> {
    if (this.hasNewest || this.#wanted === null) return [];
    const toMs = last.openTimeMs + MORE * this.#wanted.timeframeMs;
    const isNow = toMs >= Date.now();
    const range = { fromMs: last.openTimeMs, ...(isNow ? {} : { toMs }) };
    const bars = await this.#ask(range);
    if (bars !== null) this.hasNewest = isNow || bars.length <= 1;
    return bars ?? [];
  }

  /** Ask for what has happened since a bar opened, that bar as well; empty where others are wanted. */
  async since(last: Bar): Promise<readonly Bar[]> {
    const wanted = this.#wanted;
    if (!this.hasNewest || wanted === null) return [];
    const { timeframe } = wanted;
    const query = { ...symbolQuery(this.page), timeframe, fromMs: last.openTimeMs };
    const { bars } = await this.page.client.candles(query);
    return this.#wanted === wanted ? bars : [];
  }

  #firstQuery({ timeframe, timeframeMs, visible, windowMs }: FirstBars): CandlesQuery {
    const asked = { ...symbolQuery(this.page), timeframe };
    const countback = Math.min(MOST_IN_WINDOW, Math.ceil(windowMs / timeframeMs)) + BEYOND;
    if (visible === null) return { ...asked, countback };
    const fromMs = Math.floor(visible[0] - BEYOND * timeframeMs);
    if ((Date.now() - fromMs) / timeframeMs <= MOST_FIRST) return { ...asked, fromMs };
    this.hasNewest = false;
    return { ...asked, fromMs, toMs: Math.ceil(visible[1] + BEYOND * timeframeMs) };
  }

  async #ask(range: Partial<CandlesQuery>): Promise<readonly Bar[] | null> {
    if (this.#isBusy || this.#wanted === null) return null;
    this.#isBusy = true;
    const query = { ...symbolQuery(this.page), timeframe: this.#wanted.timeframe, ...range };
    try {
      const answer = await this.#more.run((signal) => this.page.client.candles(query, { signal }));
      return answer?.bars ?? null;
    } finally {
      this.#isBusy = false;
    }
  }
}
