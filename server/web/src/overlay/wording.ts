/** Numbers as short words on a chart: `12.3M`, `2d 4h`, `−4.2%`. */

const UNITS: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
];

/** Return a notional with three digits, such as `12.3M`; a relative one as a share. */
export function notionalText(notional: number, unit: 'quote' | 'relative' = 'quote'): string {
  if (unit === 'relative') return `${digits(notional * 100)}%`;
  const [size, letter] = UNITS.find(([one]) => Math.abs(notional) >= 0.9995 * one) ?? [1, ''];
  return `${digits(notional / size)}${letter}`;
}

/** Return a number with three digits, or as a whole one beyond that. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return value.toFixed(0);
  if (size >= 9.995) return value.toFixed(1);
  return size === 0 ? '0' : value.toFixed(size < 0.01 ? 4 : 2);
}

/** Return a distance from the price, such as `+4.2%`; the argument is a fraction. */
export function distanceText(distance: number): string {
  const percent = Math.abs(distance) * 100;
  return `${distance < 0 ? '−' : '+'}${percent.toFixed(percent < 0.995 ? 2 : 1)}%`;
}

const MINUTE_MS = 60_000;

/** Return a length of time in its two largest units, such as `2d 4h`. */
export function ageText(ageMs: number): string {
  const minutes = Math.max(0, Math.round(ageMs / MINUTE_MS));
  const [days, hours, rest] = [
    Math.floor(minutes / 1440),
    Math.floor(minutes / 60) % 24,
    minutes % 60,
  ];
  if (days >= 10) return `${days}d`;
  if (days > 0) return hours > 0 ? `${days}d ${hours}h` : `${days}d`;
  if (hours > 0) return rest > 0 ? `${hours}h ${rest}m` : `${hours}h`;
  return `${rest}m`;
}
