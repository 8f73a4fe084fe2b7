/** Writes heatmaps in the binary format, byte by byte as the server's README lays them out. */

/** What a test says about a heatmap; rows are `binsPerRow` bins of `step`, from bin `firstBin`. */
export interface WrittenHeatmap {
  step: number;
  firstBin: number;
  binsPerRow: number;
  openTimeMs: number[];
  /** Cells of each column, lowest row first. */
  cells: number[][];
  timeframeMs?: number;
  norm?: number;
  flags?: number;
  splitRow?: number;
  splitLong?: number;
  seedShare?: number;
  asOfMs?: number;
  timeframe?: string;
}

const PROVENANCE = {
  venues: [{ venue: 'simulated', symbol: 'S:X.P', last_close: 60_000, age_ms: 5, stale: false }],
  stale: false,
  simulated: true,
  unit: 'quote',
  quantity: 'standing',
  observed_share: 1,
  seed_share: 0.02,
  parameters: 'default-2-0',
  input_hash: 'abc',
};

/** Return the body of a `format=binary` answer. */
export function binaryHeatmap(written: WrittenHeatmap): ArrayBuffer {
  const { openTimeMs, cells, splitRow = 0, splitLong = 0, seedShare = 0 } = written;
  const [columns, rows] = [openTimeMs.length, cells[0]?.length ?? 0];
  const words = new TextEncoder().encode(JSON.stringify(aboutOf(written)));
  const buffer = new ArrayBuffer(64 + (18 + rows) * columns + words.length);
  writeHead(new DataView(buffer), written, words.length);
  const times = openTimeMs.map((time, i) => BigInt(time - (openTimeMs[i - 1] ?? 0)));
  new BigInt64Array(buffer, 64, columns).set(times);
  new Float32Array(buffer, 64 + 8 * columns, columns).fill(100);
  new Int32Array(buffer, 64 + 12 * columns, columns).fill(splitRow);
  new Uint8Array(buffer, 64 + 16 * columns, columns).fill(splitLong);
  new Uint8Array(buffer, 64 + 17 * columns, columns).fill(seedShare);
  const steps = cells.flatMap((column, i) =>
    column.map((q, row) => (q - (cells[i - 1]?.[row] ?? 0)) & 255),
  );
  new Uint8Array(buffer, 64 + 18 * columns).set([...steps, ...words]);
  return buffer;
}

function writeHead(view: DataView, written: WrittenHeatmap, length: number): void {
  new Uint8Array(view.buffer).set(new TextEncoder().encode('LQHM'));
  view.setUint16(4, 1, true);
  view.setUint16(6, 64, true);
  view.setUint32(8, written.openTimeMs.length, true);
  view.setUint32(12, written.cells[0]?.length ?? 0, true);
  view.setFloat64(16, written.step, true);
  view.setInt32(24, written.firstBin, true);
  view.setUint32(28, written.binsPerRow, true);
  view.setBigInt64(32, BigInt(written.asOfMs ?? 0), true);
  view.setBigInt64(40, BigInt(written.timeframeMs ?? 60_000), true);
  view.setFloat64(48, 2 ** (written.norm ?? 0), true);
  view.setInt16(56, written.norm ?? 0, true);
  view.setUint8(58, 1);
  view.setUint8(59, written.flags ?? 0);
  view.setUint32(60, length, true);
}

function aboutOf(written: WrittenHeatmap): unknown {
  return {
    symbol: 'S:X.P',
    timeframe: written.timeframe ?? '1m',
    quote: 'USDT',
    venue_shares: { simulated: 1 },
    left_out: [],
    provenance: { as_of: written.asOfMs ?? 0, ...PROVENANCE },
  };
}
