/** A small server of bands: `/bands` with `k` by slot and without as a list. */
import type { MarketBar, Random } from './small-market';
import { START } from './small-market';
import { PROVENANCE, SmallServer } from './small-server';

/** One slot at one bar; null where it is empty. */
export type SlotCell = { low: number; high: number; level: number; side: 1 | -1 } | null;

/** Slots by bar. */
export type SlotTable = Map<number, SlotCell[]>;

/** A band as `/bands` lists it. */
export interface ListedBand {
  low: number;
  high: number;
  strength: number;
  first_seen_ms: number;
}

const SLOTS = 32;

/** Return slots through time, with an empty bar between two owners of a slot. */
export function slotsOf(random: Random, bars: readonly MarketBar[]): SlotTable {
  const table: SlotTable = new Map(bars.map(({ t }) => [t, new Array<SlotCell>(SLOTS).fill(null)]));
  for (let slot = 0; slot < SLOTS; slot++) {
    let cell: SlotCell = null;
    for (const { t } of bars) {
      cell = nextCell(random, cell);
      (table.get(t) as SlotCell[])[slot] = cell;
    }
  }
  return table;
}

function nextCell(random: Random, cell: SlotCell): SlotCell {
  if (cell === null) return random.next() < 0.3 ? newCell(random) : null;
  if (random.next() < 0.15) return null;
  const high = cell.high * (1 + random.next() / 1000);
  return { ...cell, high, level: random.whole(0, 15) };
}

function newCell(random: Random): SlotCell {
  const low = 80 + 40 * random.next();
  const side = random.one([1, -1] as const);
  return { low, high: low * 1.01, level: random.whole(0, 15), side };
}

/** Answers with bands. */
export class BandServer extends SmallServer {
  constructor(slots: SlotTable, bands: () => readonly ListedBand[] = () => []) {
    super({
      '/api/v1/bands': (question) =>
        question.has('k') ? slotAnswer(slots, question) : listAnswer(slots, bands()),
    });
  }
}

function slotAnswer(slots: SlotTable, question: URLSearchParams): object {
  const [from, to] = [Number(question.get('from')), Number(question.get('to'))];
  const times = [...slots.keys()].filter((t) => t * 1000 >= from && t * 1000 < to);
  const column = (slot: number, name: 'low' | 'high' | 'level' | 'side') =>
    times.map((t) => slots.get(t)?.[slot]?.[name] ?? null);
  const one = (slot: number) => ({
    low: column(slot, 'low'),
    high: column(slot, 'high'),
    peak_price: column(slot, 'low'),
    notional: column(slot, 'level'),
    side: column(slot, 'side'),
    level: column(slot, 'level'),
  });
  return {
    symbol: question.get('symbol'),
    timeframe: question.get('timeframe'),
    k: SLOTS,
    levels: 16,
    t: times,
    slots: Array.from({ length: SLOTS }, (_, slot) => one(slot)),
    provenance: PROVENANCE,
  };
}

function listAnswer(slots: SlotTable, bands: readonly ListedBand[]): object {
  const last = [...slots.keys()].at(-1) ?? START;
  return {
    symbol: 'SIMULATED:SIM',
    time: (last + 60) * 1000,
    mark: 100,
    quote: 'USDT',
    average_true_range: 1,
    bands,
    provenance: PROVENANCE,
  };
}
