/** Lengths of the windows, as the server counts them, in milliseconds. */
import type { Window } from '../client';

const DAY_MS = 86_400_000;

const LENGTHS: Readonly<Record<Window, number>> = {
  '12h': DAY_MS / 2,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '1w': 7 * DAY_MS,
  '1M': 30 * DAY_MS,
  '3M': 90 * DAY_MS,
  '1y': 365 * DAY_MS,
};

/** Return how long a window is. */
export function lengthOfWindow(window: Window): number {
  return LENGTHS[window];
}
