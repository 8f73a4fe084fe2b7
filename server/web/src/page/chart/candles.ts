/** Bars and times as lightweight-charts takes them. */
import type { CandlestickData, UTCTimestamp } from 'lightweight-charts';
import type { Bar } from '../../client';

/** Return a bar as the chart takes it. */
export function candleOf(bar: Bar): CandlestickData<UTCTimestamp> {
  const { open, high, low, close } = bar;
  return { time: secondsOf(bar.openTimeMs), open, high, low, close };
}

/** Return a time as the chart takes it. */
export function secondsOf(timeMs: number): UTCTimestamp {
  return (timeMs / 1000) as UTCTimestamp;
}
