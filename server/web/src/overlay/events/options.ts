/** How events are drawn. */
import type { Background } from '../palette';

/** Options of an events primitive. */
export interface EventsPrimitiveOptions {
  visible: boolean;
  background: Background;
  /** Circles at realised liquidations. */
  bubbles: boolean;
  /** Marks where the price went through a band. */
  sweeps: boolean;
  /** Radius of the largest bubble, CSS pixels; a bubble's area follows its notional. */
  largestRadius: number;
  /** Notional of the largest bubble; null follows what is shown. */
  largestNotional: number | null;
}

/** What holds where nothing else is said. */
export const EVENTS_OPTIONS: EventsPrimitiveOptions = {
  visible: true,
  background: 'dark',
  bubbles: true,
  sweeps: true,
  largestRadius: 16,
  largestNotional: null,
};
