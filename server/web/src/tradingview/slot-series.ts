/**
 * Bands by slot of one symbol and timeframe, fetched as an indicator asks for bars.
 *
 * An indicator is calculated at once and cannot wait, so what is not there yet is asked for and the
 * indicator is told when it has come.  Times are UTC milliseconds.
 */
import { type BandSlotsAnswer, ProblemError } from '../client';
import type { Connection } from './connection';
import type { Timeframe } from './resolutions';
import type { Following } from './shared-streams';
import { SlotColumns } from './slot-columns';

/** Slots that a study shows. */
export const SLOTS = 32;

/** Bars of one question, well within the server's usual limit of 2,000. */
const CHUNK_BARS = 500;

/** A column is stored a moment after its bar has closed; a market may also have stood still. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
const RETRY_MS = 5_000;

/** A stretch of time, `[fromMs, toMs)`. */
interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a series is about, and who hears of it. */
export interface SeriesSubject {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Columns have come, or gone. */
  readonly onChange: () => void;
  /** The server refused for good; nothing more is asked. */
  readonly onProblem: (problem: ProblemError) => void;
}

/** Bands of one symbol and timeframe. */
export class SlotSeries {
  /** When an indicator last looked, `Date.now()`. */
  lastReadMs = Date.now();
  readonly #connection: Connection;
  readonly #subject: SeriesSubject;
  readonly #columns: SlotColumns;
  readonly #following: Following;
  /** Everything from here on was answered. */
  #loadedFromMs = Number.POSITIVE_INFINITY;
  /** Everything from here on is wanted. */
  #wantedFromMs = Number.POSITIVE_INFINITY;
  /** What is here and later has to be asked for again. */
  #staleFromMs = Number.POSITIVE_INFINITY;
  #newestReadMs = 0;
  #waitMs = FIRST_WAIT_MS;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #dueMs = 0;
  #isLoading = false;
  #isClosed = false;

  constructor(connection: Connection, subject: SeriesSubject) {
    this.#connection = connection;
    this.#subject = subject;
    this.#columns = new SlotColumns(subject.timeframe.lengthMs);
    this.#following = connection.streams.follow(subject.symbol, subject.timeframe.name, {
      slots: (fromMs) => this.#refresh(fromMs),
      reload: () => this.#forget(),
    });
  }

  /** Return the column of a bar, and ask for it where it is not known yet. */
  at(timeMs: number): readonly number[] | undefined {
    this.lastReadMs = Date.now();
    this.#newestReadMs = Math.max(this.#newestReadMs, timeMs);
    if (timeMs < this.#loadedFromMs) {
      this.#wantedFromMs = Math.min(this.#wantedFromMs, timeMs);
      this.#schedule(0);
    } else if (timeMs - this.#columns.lastMs > this.#subject.timeframe.lengthMs) {
      this.#staleFromMs = Math.min(this.#staleFromMs, this.#columns.lastMs);
      this.#schedule(this.#waitMs);
    }
    return this.#columns.at(timeMs);
  }

  /** Stop; nobody is told anything afterwards. */
  close(): void {
    this.#isClosed = true;
    this.#following.close();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #refresh(fromMs: number): void {
    // Bars show columns that are older than they: two bars more hold all that may have changed.
    this.#staleFromMs = Math.min(this.#staleFromMs, fromMs - 2 * this.#subject.timeframe.lengthMs);
    this.#schedule(0);
  }

  #forget(): void {
    this.#columns.clear();
    this.#loadedFromMs = this.#wantedFromMs = this.#staleFromMs = Number.POSITIVE_INFINITY;
    this.#subject.onChange();
  }

  #schedule(waitMs: number): void {
    const dueMs = Date.now() + waitMs;
    if (this.#isLoading || this.#isClosed || (this.#timer !== null && this.#dueMs <= dueMs)) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#load();
    }, waitMs);
  }

  async #load(): Promise<void> {
    this.#isLoading = true;
    const stretches = this.#takeMissing();
    let waitMs = 0;
    while (stretches[0] && waitMs === 0) {
      const answer = await this.#ask(stretches[0]).catch((error: unknown) => {
        waitMs = this.#waitAfter(error);
      });
      if (this.#isClosed) return;
      if (answer) this.#take(answer, stretches.shift());
    }
    this.#isLoading = false;
    this.#goOn(stretches, waitMs);
  }

  /** Ask again for what was not answered, and for what has been wanted meanwhile. */
  #goOn(left: readonly Stretch[], waitMs: number): void {
    for (const { fromMs } of left) {
      if (fromMs < this.#loadedFromMs) this.#wantedFromMs = Math.min(this.#wantedFromMs, fromMs);
      else this.#staleFromMs = Math.min(this.#staleFromMs, fromMs);
    }
    if (this.#wantedFromMs < this.#loadedFromMs) this.#schedule(waitMs);
    else if (Number.isFinite(this.#staleFromMs)) this.#schedule(Math.max(waitMs, this.#waitMs));
  }

  /** Return what has to be asked for, newest first. */
  #takeMissing(): Stretch[] {
    const { lengthMs } = this.#subject.timeframe;
    const endMs = Math.max(Date.now(), this.#newestReadMs) + lengthMs;
    const loadedMs = Math.min(this.#loadedFromMs, endMs);
    const staleMs = Math.max(this.#staleFromMs, loadedMs);
    const missing = [...chunks(staleMs, endMs, lengthMs)];
    missing.push(...chunks(this.#wantedFromMs, loadedMs, lengthMs));
    this.#staleFromMs = this.#wantedFromMs = Number.POSITIVE_INFINITY;
    return missing;
  }

  #ask({ fromMs, toMs }: Stretch): Promise<BandSlotsAnswer> {
    const { symbol, timeframe } = this.#subject;
    const question = { symbol, timeframe: timeframe.name, fromMs, toMs, slots: SLOTS } as const;
    return this.#connection.client.bandSlots(question);
  }

  #take(answer: BandSlotsAnswer, stretch: Stretch | undefined): void {
    const lastMs = this.#columns.lastMs;
    this.#columns.merge(answer);
    const isNewer = this.#columns.lastMs > lastMs;
    this.#waitMs = isNewer ? FIRST_WAIT_MS : Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
    this.#loadedFromMs = Math.min(this.#loadedFromMs, stretch?.fromMs ?? this.#loadedFromMs);
    this.#subject.onChange();
  }

  /** Return how long to wait after an error; the series ends where asking again would not help. */
  #waitAfter(error: unknown): number {
    if (!(error instanceof ProblemError)) return RETRY_MS;
    if (error.status >= 500 || error.status === 429) return error.retryAfterMs ?? RETRY_MS;
    this.close();
    this.#subject.onProblem(error);
    return 0;
  }
}

/** Return stretches of at most `CHUNK_BARS` bars, newest first; none where nothing lies between. */
function* chunks(fromMs: number, toMs: number, lengthMs: number): Generator<Stretch> {
  const length = CHUNK_BARS * lengthMs;
  for (let end = toMs; end > fromMs; end -= length) {
    yield { fromMs: Math.max(fromMs, end - length), toMs: end };
  }
}
