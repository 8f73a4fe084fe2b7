/** Figures as a trader reads them.  Times are UTC milliseconds, shares are fractions. */
import type { Unit } from '../client';

const STEPS: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
];
const DOLLARS = new Set(['USD', 'USDT', 'USDC']);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Write a number with three significant digits and a letter for thousands.
 *
 * @example `formatCompact(1_234_567)` is `1.23M`.
 */
export function formatCompact(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(2);
  // 999.5 of one step is written as 1.00 of the next.
  const [step, letter] = STEPS.find(([least]) => size >= least * 0.9995) ?? [1, ''];
  return `${threeDigits(value / step)}${letter}`;
}

/**
 * Write a notional in its unit.
 *
 * @param value - Quote currency, or a share of the book where `unit` is `relative`.
 * @param unit - Which of both.
 * @param quote - Name of the currency; dollars and their stablecoins are written as `$`.
 */
export function formatNotional(value: number, unit: Unit, quote: string): string {
  if (unit === 'relative') return formatShare(value);
  if (DOLLARS.has(quote)) return `$${formatCompact(value)}`;
  return `${formatCompact(value)} ${quote}`.trim();
}

/** Write a fraction as per cent with three significant digits at most. */
export function formatShare(value: number): string {
  const percent = value * 100;
  if (percent === 0) return '0%';
  const small = Math.abs(percent) < 0.01;
  return small ? `${percent < 0 ? '−' : ''}<0.01%` : `${minus(shortest(percent))}%`;
}

/** Write a funding rate as per cent with the four decimals that venues give. */
export function formatRate(rate: number): string {
  return minus(`${(rate * 100).toFixed(4)}%`);
}

/** Write a change or a distance as per cent, always with its sign. */
export function formatChange(value: number, digits = 2): string {
  const text = Math.abs(value * 100).toFixed(digits);
  return `${value < 0 ? '−' : '+'}${text}%`;
}

/** Number of decimals with which prices about this one are written: six significant digits. */
export function priceDecimals(price: number): number {
  if (!(price > 0)) return 2;
  return Math.min(8, Math.max(0, 5 - Math.floor(Math.log10(price))));
}

/** Write a price, with thousands apart. */
export function formatPrice(price: number, decimals = priceDecimals(price)): string {
  return price.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** Write a length of time with at most two units: `45 min`, `14 h`, `2 d 3 h`, `260 d`. */
export function formatAge(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 1) return `${Math.max(0, Math.round(ms / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(ms / HOUR_MS);
  if (hours < 10) return twoUnits(hours, 'h', Math.floor((ms % HOUR_MS) / MINUTE_MS), 'min');
  if (hours < 48) return `${hours} h`;
  const days = Math.floor(ms / DAY_MS);
  return days < 10 ? twoUnits(days, 'd', hours - days * 24, 'h') : `${days} d`;
}

/** Write a moment: `2026-11-21 13:20`. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

/** Write a moment that has its year in its context: `21 Nov 13:20`. */
export function formatShortTime(ms: number): string {
  const [, day, month, time] = /^\w+, (\d+) (\w+) \d+ (\d+:\d+)/.exec(
    new Date(ms).toUTCString(),
  ) ?? ['', '', '', ''];
  return `${Number(day)} ${month} ${time}`;
}

/** Words of a leverage layer: `5-10x` becomes `5–10×`. */
export function formatLeverage(group: string): string {
  return group.replace(/(\d)-(\d)/, '$1–$2').replace(/(\d)x/, '$1×');
}

function twoUnits(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`;
}

function threeDigits(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return minus(value.toFixed(digits));
}

function shortest(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function minus(text: string): string {
  return text.replace('-', '−');
}
