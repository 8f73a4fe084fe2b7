/** Swept bands of the stretches of time that have been looked at. */
import type { BandSlotsAnswer, Bar, LiqbandsClient, SymbolQuery } from '../../client';
import { type Sweep, sweepsOf } from '../../overlay';
import type { TileTime } from '../../overlay/attach/timeframes';

const SLOTS = 32;

/** Collects swept bands, stretch by stretch. */
export class Sweeps {
  readonly #answers = new Map<number, BandSlotsAnswer>();

  constructor(
    private readonly client: LiqbandsClient,
    private readonly query: SymbolQuery & { timeframe: string },
  ) {}

  /** Ask for a stretch of time, also where it was asked for before. */
  async load(time: TileTime, signal: AbortSignal): Promise<void> {
    const asked = { ...this.query, ...time, slots: SLOTS } as const;
    this.#answers.set(time.fromMs, await this.client.bandSlots(asked, { signal }));
  }

  /** Return all that was found among some bars. */
  among(bars: readonly Bar[]): Sweep[] {
    return [...this.#answers.values()].flatMap((answer) => sweepsOf(answer, bars));
  }
}
