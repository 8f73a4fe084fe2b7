/**
 * Which stretch of time a chart shows.  A logical place is the index of a bar, with fractions between
 * bars; beyond both ends time goes on by the timeframe.
 */
import type { Bar } from '../../client';

/** First and last place, or time in milliseconds. */
export type Stretch = readonly [number, number];

/** Return the time at a logical place. */
export function timeAtPlace(bars: readonly Bar[], place: number, timeframeMs: number): number {
  const last = bars.length - 1;
  const index = Math.min(Math.max(Math.floor(place), 0), last);
  const openMs = bars[index]?.openTimeMs ?? 0;
  const nextMs = bars[index + 1]?.openTimeMs ?? openMs + timeframeMs;
  const isOutside = place < 0 || place > last;
  return openMs + (place - index) * (isOutside ? timeframeMs : nextMs - openMs);
}

/** Return the logical place of a time. */
export function placeOfTime(bars: readonly Bar[], timeMs: number, timeframeMs: number): number {
  const last = bars.length - 1;
  const after = bars.findIndex((bar) => bar.openTimeMs > timeMs);
  const index = after === -1 ? last : Math.max(0, after - 1);
  const openMs = bars[index]?.openTimeMs ?? timeMs;
  const isInside = after > 0;
  const nextMs = isInside ? (bars[after]?.openTimeMs ?? openMs) : openMs + timeframeMs;
  return index + (timeMs - openMs) / (nextMs - openMs);
}

/**
 * Return the places that show so many bars up to the newest one, with room on its right.
 *
 * @param count - Bars that there are.
 * @param wanted - Bars to be seen.
 * @param room - Share of the width that stays free.
 */
export function homeStretch(count: number, wanted: number, room: number): Stretch {
  const shown = Math.max(10, Math.min(wanted, count));
  const end = count - 0.5;
  return [end - shown, end + (shown * room) / (1 - room)];
}

/** Return the stretch of time that can be seen, whole milliseconds. */
export function seenStretch(
  bars: readonly Bar[],
  range: { from: number; to: number },
  timeframeMs: number,
): Stretch {
  return [
    Math.round(timeAtPlace(bars, range.from, timeframeMs)),
    Math.round(timeAtPlace(bars, range.to, timeframeMs)),
  ];
}
