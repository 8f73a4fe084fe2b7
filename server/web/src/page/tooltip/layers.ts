/** Notional by leverage, as the lines of a card. */
import { formatLeverage } from '../format';
import type { TipLayer } from './card';

/** Less than this share of the sum is not worth a line. */
const LEAST_SHARE = 0.005;

/**
 * Return the lines of the layers that hold something.
 *
 * @param groups - Names of the layers.
 * @param notional - Of each.
 * @param colours - Of each.
 * @param write - Words for a notional.
 */
export function tipLayers(
  groups: readonly string[],
  notional: readonly number[],
  colours: readonly string[],
  write: (notional: number) => string,
): TipLayer[] {
  const total = notional.reduce((sum, one) => sum + one, 0);
  const most = Math.max(...notional);
  return groups.flatMap((group, index) => {
    const value = notional[index] ?? 0;
    if (value <= total * LEAST_SHARE) return [];
    const label = formatLeverage(group);
    return [{ label, value: write(value), share: value / most, colour: colours[index] ?? '' }];
  });
}
