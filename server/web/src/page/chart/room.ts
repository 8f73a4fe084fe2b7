/** How the room right of the newest bar is shared, in CSS pixels: labels, then the profile. */

/** Where profile and labels lie on a chart, and how large things are. */
export interface Room {
  /** Longest bar of the profile. */
  profile: number;
  /** Width of the labels. */
  labels: number;
  /** From the right edge to the labels. */
  labelMargin: number;
  /** Whether labels say all that they could. */
  detail: 'full' | 'short';
  /** Radius of the largest bubble. */
  bubbles: number;
}

/** On a phone profile and labels share their place. */
const NARROW: Room = { profile: 84, labels: 0, labelMargin: 2, detail: 'short', bubbles: 8 };
const MEDIUM: Room = { profile: 80, labels: 110, labelMargin: 88, detail: 'short', bubbles: 10 };
const WIDE: Room = { profile: 110, labels: 190, labelMargin: 118, detail: 'full', bubbles: 12 };

/** Return how the room of a chart so wide is shared. */
export function roomOf(width: number): Room {
  if (width < 560) return NARROW;
  return width < 1200 ? MEDIUM : WIDE;
}

/** Return the share of a chart's width that stays free right of the newest bar. */
export function roomShare(width: number): number {
  const { profile, labels } = roomOf(width);
  return Math.min(0.3, (profile + labels) / Math.max(width, 1));
}
