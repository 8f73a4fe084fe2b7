/**
 * Streams shared by all that follow the same symbol and timeframe: a browser keeps only six
 * connections open to a server that speaks HTTP/1.1.
 */
import type { LiqbandsClient, Stream, StreamHandlers, StreamState } from '../client';

/** The cheapest heatmap that a stream can be about; nobody here reads its columns. */
const SMALLEST = { columns: 2, rows: 2 } as const;

/** Something followed, until it is closed. */
export type Following = Pick<Stream, 'close'>;

/** What a follower is told; bars and slots as the client's streams tell them. */
export type Follower = Pick<StreamHandlers, 'bar' | 'slots' | 'bands' | 'reload' | 'state'>;

/** Opens one stream for each symbol and timeframe that anybody follows. */
export class SharedStreams {
  readonly #client: Pick<LiqbandsClient, 'stream'>;
  readonly #open = new Map<string, SharedStream>();

  constructor(client: Pick<LiqbandsClient, 'stream'>) {
    this.#client = client;
  }

  /**
   * Follow a symbol until what is returned is closed.
   *
   * A follower that joins an open stream is told of its state at once, but not of the past.
   */
  follow(symbol: string, timeframe: string, follower: Follower): Following {
    const key = `${symbol} ${timeframe}`;
    const shared = this.#open.get(key) ?? new SharedStream();
    if (!this.#open.has(key)) {
      this.#open.set(key, shared);
      shared.stream = this.#client.stream({ symbol, timeframe, ...SMALLEST }, shared.handlers);
    }
    shared.join(follower);
    return { close: () => this.#leave(key, shared, follower) };
  }

  #leave(key: string, shared: SharedStream, follower: Follower): void {
    if (!shared.followers.delete(follower) || shared.followers.size > 0) return;
    this.#open.delete(key);
    shared.stream?.close();
  }
}

class SharedStream {
  readonly followers = new Set<Follower>();
  stream: Stream | null = null;
  #state: StreamState = 'connecting';

  readonly handlers: StreamHandlers = {
    bar: (bar) => this.#tell((follower) => follower.bar?.(bar)),
    bands: (bands) => this.#tell((follower) => follower.bands?.(bands)),
    slots: (fromMs) => this.#tell((follower) => follower.slots?.(fromMs)),
    reload: (reason) => this.#tell((follower) => follower.reload?.(reason)),
    state: (state) => {
      this.#state = state;
      this.#tell((follower) => follower.state?.(state));
    },
  };

  join(follower: Follower): void {
    this.followers.add(follower);
    queueMicrotask(() => {
      if (this.followers.has(follower)) follower.state?.(this.#state);
    });
  }

  #tell(say: (follower: Follower) => void): void {
    for (const follower of [...this.followers]) if (this.followers.has(follower)) say(follower);
  }
}
