/** Explains the bar of the map that is pointed at. */
import type { MapAnswer } from '../../client';
import { formatChange, formatNotional, formatPrice, formatTime } from '../format';
import type { Page } from '../page';
import { leverageColours } from '../theme';
import { fillTip, makeTip, showTip, type TipContent } from '../tooltip/card';
import { tipLayers } from '../tooltip/layers';
import { barAt, type MapBar } from './bars';
import type { MapLayout } from './draw';

/** What is under the pointer. */
interface Pointed {
  answer: MapAnswer | null;
  bars: readonly MapBar[];
  layout: MapLayout | null;
}

/**
 * Follow the pointer over a map.
 *
 * @param pointed - What is drawn now.
 * @param move - Called with the price pointed at, null elsewhere.
 */
export function followPointer(
  page: Page,
  canvas: HTMLCanvasElement,
  pointed: () => Pointed,
  move: (price: number | null) => void,
): void {
  const tip = makeTip();
  canvas.after(tip);
  const leave = (): void => {
    tip.hidden = true;
    move(null);
  };
  canvas.addEventListener('pointermove', (event) => {
    const { answer, bars, layout } = pointed();
    const price = layout?.price.toValue(event.offsetX) ?? Number.NaN;
    const bar = barAt(bars, price);
    if (answer === null || bar === null) return leave();
    fillTip(tip, barContent(page, answer, bar));
    showTip(tip, [event.offsetX, event.offsetY]);
    move(price);
  });
  canvas.addEventListener('pointerleave', leave);
}

function barContent(page: Page, answer: MapAnswer, bar: MapBar): TipContent {
  const write = (notional: number): string =>
    formatNotional(notional, answer.about.unit, answer.quote);
  const middle = (bar.low + bar.high) / 2;
  const isAbove = middle > answer.mark;
  const sum = isAbove ? bar.shortCumulative : bar.longCumulative;
  const colours = leverageColours(page.view.value, answer.leverageGroups.length);
  return {
    title: `${formatPrice(bar.low)} – ${formatPrice(bar.high)}`,
    subtitle: formatChange(middle / answer.mark - 1),
    rows: [
      ...(bar.long > 0 ? [{ name: 'Longs', value: write(bar.long), kind: 'long' }] : []),
      ...(bar.short > 0 ? [{ name: 'Shorts', value: write(bar.short), kind: 'short' }] : []),
      { name: `All ${isAbove ? 'shorts' : 'longs'} to here`, value: write(sum) },
    ],
    layers: tipLayers(answer.leverageGroups, bar.layers, colours, write),
    note: `Close of ${formatTime(answer.timeMs)} UTC`,
  };
}
