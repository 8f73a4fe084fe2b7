/** Quotes: asked for once, or again and again, visible symbols often and the others rarely. */
import type { Datafeed, QuoteData, QuotesCallback } from './datafeed-api';
import { type UdfClient, UdfError } from './udf-client';

const FAST_MS = 10_000;
const SLOW_MS = 60_000;

/** The parts of a datafeed that give quotes. */
export type QuoteMethods = Pick<Datafeed, 'getQuotes' | 'subscribeQuotes' | 'unsubscribeQuotes'>;

/** Return the methods that give quotes. */
export function quoteMethods(udf: UdfClient): QuoteMethods {
  const polls = new Map<string, (() => void)[]>();
  const unsubscribeQuotes = (listener: string) => {
    for (const stop of polls.get(listener) ?? []) stop();
    polls.delete(listener);
  };
  return {
    unsubscribeQuotes,
    getQuotes(symbols, onData, onError) {
      quotesOf(udf, symbols).then(onData, (error: Error) => onError(error.message));
    },
    subscribeQuotes(symbols, fastSymbols, onQuotes, listener) {
      unsubscribeQuotes(listener);
      const rare = symbols.filter((name) => !fastSymbols.includes(name));
      polls.set(listener, [
        poll(udf, fastSymbols, FAST_MS, onQuotes),
        poll(udf, rare, SLOW_MS, onQuotes),
      ]);
    },
  };
}

/** Ask now and from then on, until the returned function is called. */
function poll(
  udf: UdfClient,
  symbols: readonly string[],
  periodMs: number,
  onQuotes: QuotesCallback,
): () => void {
  if (symbols.length === 0) return () => undefined;
  let stopped = false;
  const ask = async () => {
    const quotes = await quotesOf(udf, symbols);
    if (quotes.length > 0 && !stopped) onQuotes(quotes);
  };
  // A question that failed is asked again in its turn.
  const askSafely = () => void ask().catch(ignoreRefusal);
  const timer = setInterval(askSafely, periodMs);
  askSafely();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof UdfError)) throw error;
}

/** Return the quotes of symbols, each under the name it was asked for. */
async function quotesOf(udf: UdfClient, symbols: readonly string[]): Promise<QuoteData[]> {
  const answer = await udf.ask('quotes', { symbols: symbols.join(',') });
  return (answer as { d: QuoteData[] }).d;
}
