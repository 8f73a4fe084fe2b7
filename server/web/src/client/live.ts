/** What a stream tells, and what is done with it.  Units as in `types`. */
import type { ProblemError } from './problem';
import type { BandsAnswer, Bar, Liquidation, Unit } from './types';

/** One column of a heatmap, as a stream tells it. */
export interface HeatmapColumn {
  openTimeMs: number;
  closed: boolean;
  /** Whether it shows an unfinished base bar, which no answer to a question has. */
  live: boolean;
  norm: number;
  max: number;
  unit: Unit;
  rows: number;
  p0: number;
  dp: number;
  splitRow: number;
  /** Long part of the mark's row in bytes; null where the server does not say. */
  splitLong: number | null;
  /** One byte per row, lowest first. */
  cells: Uint8Array;
  asOfMs: number;
  stale: boolean;
  simulated: boolean;
}

/**
 * Whether a stream is being opened, is open, has lost its server and will try again, or was refused
 * for good.
 */
export type StreamState = 'connecting' | 'open' | 'lost' | 'refused';

/** What is done with each event of a stream. */
export interface StreamHandlers {
  /** A bar as it looks now, about once a second while it forms. */
  bar?(bar: Bar): void;
  /** Replace the column of the same open time, or append. */
  column?(column: HeatmapColumn): void;
  /** After each closed bar. */
  bands?(answer: BandsAnswer): void;
  /** From when on `bandSlots()` has changed. */
  slots?(fromMs: number): void;
  /** New ones, each told once. */
  liquidations?(events: Liquidation[]): void;
  /** Too much was missed: ask for everything again. */
  reload?(reason: string): void;
  state?(state: StreamState): void;
  /** The server refused the stream; `state` says whether it is tried again. */
  problem?(problem: ProblemError): void;
}

/** A stream that has been opened. */
export interface Stream {
  /** End it; no handler is called afterwards. */
  close(): void;
  /** Come back at once where it waits, for instance because the network is back. */
  retry(): void;
}
