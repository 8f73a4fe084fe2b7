/** Figures of measurements, in words. */

/** Return the value that a share of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Return the middle, the slowest hundredth and the slowest of all. */
export function spread(values: readonly number[]): string {
  const [middle, slow] = [quantile(values, 0.5), quantile(values, 0.99)];
  const most = Math.max(...values);
  return `p50 ${middle.toFixed(2)}, p99 ${slow.toFixed(2)}, max ${most.toFixed(2)} ms`;
}
