/** What the chart shows in words, for who cannot see it. */
import { element, setText } from '../dom';
import type { Page } from '../page';
import { summaryWords } from '../panels/summary';

/** Make a paragraph that follows the chart; it is read, not seen. */
export function chartSentence(page: Page): HTMLElement {
  const words = element('p', { class: 'unseen' });
  page.facts.follow(['summary', 'timeframe', 'listing'], ({ summary, timeframe, listing }) => {
    if (summary === null || listing === null) return;
    const { long, short, price, magnet, bias } = summaryWords(summary);
    setText(
      words,
      `Candles of ${timeframe} of ${listing.symbol} before the heatmap of liquidations. ` +
        `Price ${price}, longs ${long}, shorts ${short}, densest at ${magnet}. ${bias}. ` +
        'The bands are also there as a table.',
    );
  });
  return words;
}
