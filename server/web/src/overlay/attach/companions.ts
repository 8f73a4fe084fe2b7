/** What is drawn besides the heatmap: bands, magnets, profile and events, kept up to date. */
import type { ISeriesApi, SeriesType, Time } from 'lightweight-charts';
import {
  type BandsAnswer,
  type LiqbandsClient,
  type Liquidation,
  ProblemError,
  type SymbolQuery,
} from '../../client';
import { BandsPrimitive } from '../bands/primitive';
import { EventsPrimitive } from '../events/primitive';
import type { Background, PaletteName } from '../palette';
import { ProfilePrimitive } from '../profile/primitive';
import type { PriceRange } from './frame';
import type { LiquidationHeatmapOptions } from './options';
import type { TileTime } from './timeframes';

const MOST_EVENTS = 5_000;
const PROFILE_ROWS = 300;

/** The parts of an attached heatmap that show one moment, and its events. */
export class Companions {
  readonly bands: BandsPrimitive | null;
  readonly profile: ProfilePrimitive | null;
  readonly events: EventsPrimitive | null;
  readonly #query: SymbolQuery;
  readonly #stop = new AbortController();
  #newestEventMs = 0;
  #prices: PriceRange | null = null;
  #isAsking = false;

  constructor(
    private readonly client: LiqbandsClient,
    private readonly series: ISeriesApi<SeriesType, Time>,
    private readonly options: LiquidationHeatmapOptions,
  ) {
    const { symbol, venues } = options;
    this.#query = venues === undefined ? { symbol } : { symbol, venues };
    const colors = colorsOf(options);
    this.bands = options.bands === false ? null : new BandsPrimitive(colors);
    this.profile = options.profile === false ? null : new ProfilePrimitive(colors);
    this.events = options.events === false ? null : new EventsPrimitive(colors);
    for (const part of this.#parts()) series.attachPrimitive(part);
  }

  /** Take other colours. */
  applyOptions(options: Partial<LiquidationHeatmapOptions>): void {
    const colors = colorsOf({ ...this.options, ...options });
    for (const part of this.#parts()) part.applyOptions(colors);
  }

  /** Ask for the book of now; bands are given where the stream has told them. */
  async refresh(bands?: BandsAnswer): Promise<void> {
    if (bands !== undefined) this.bands?.setBands(bands);
    // What is being asked for at this moment is new enough.
    if (this.#isAsking) return;
    this.#isAsking = true;
    const signal = { signal: this.#stop.signal };
    await this.#guarded(async () => {
      if (bands === undefined) this.bands?.setBands(await this.client.bands(this.#query, signal));
      this.bands?.setSummary(await this.client.summary(this.#query, signal));
    });
    this.#isAsking = false;
    await this.#refreshProfile();
  }

  /** Show the profile of other prices. */
  async look({ low, high }: PriceRange): Promise<void> {
    this.#prices = { low, high };
    await this.#refreshProfile();
  }

  async #refreshProfile(): Promise<void> {
    const [profile, prices] = [this.profile, this.#prices];
    if (profile === null || prices === null) return;
    const asked = { ...this.#query, ...prices, rows: PROFILE_ROWS };
    await this.#guarded(async () => {
      profile.setMap(await this.client.map(asked, { signal: this.#stop.signal }));
    });
  }

  /** Ask for the events of a stretch of time: the newest of them, where there are very many. */
  async load({ fromMs, toMs }: TileTime): Promise<void> {
    const events = this.events;
    if (events === null) return;
    const asked = { ...this.#query, fromMs, toMs, limit: MOST_EVENTS };
    const signal = { signal: this.#stop.signal };
    await this.#guarded(async () => {
      let found = await this.client.liquidations(asked, signal);
      if (found.nextOffset !== null) {
        const offset = found.total - MOST_EVENTS;
        found = await this.client.liquidations({ ...asked, offset }, signal);
      }
      this.#newestEventMs = Math.max(this.#newestEventMs, found.events.at(-1)?.timeMs ?? 0);
      events.addLiquidations(found.events);
    });
  }

  /** Show events that the stream tells. */
  add(events: readonly Liquidation[]): void {
    this.events?.addLiquidations(events.filter(({ timeMs }) => timeMs > this.#newestEventMs));
  }

  /** Forget the events, before they are asked for again. */
  reset(): void {
    this.#newestEventMs = 0;
    this.events?.setLiquidations([]);
  }

  /** Take everything off the chart. */
  detach(): void {
    this.#stop.abort();
    for (const part of this.#parts()) this.series.detachPrimitive(part);
  }

  #parts(): (BandsPrimitive | ProfilePrimitive | EventsPrimitive)[] {
    return [this.profile, this.bands, this.events].filter((part) => part !== null);
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (!(error instanceof ProblemError || error instanceof TypeError)) throw error;
      this.options.onProblem?.(error);
    }
  }
}

function colorsOf({ palette, background }: Partial<LiquidationHeatmapOptions>): {
  palette?: PaletteName;
  background?: Background;
} {
  return {
    ...(background === undefined ? {} : { background }),
    ...(palette === undefined ? {} : { palette }),
  };
}
