/** What the datafeed and the overlay of one page share: a client and its streams. */
import { LiqbandsClient } from '../client';
import { SharedStreams } from './shared-streams';
import { type UdfClient, udfClient } from './udf-client';

/** A server, and everything that speaks with it. */
export interface Connection {
  readonly client: LiqbandsClient;
  readonly udf: UdfClient;
  readonly streams: SharedStreams;
}

/** Where the server is. */
export interface ConnectionOptions {
  /** Address of the liqbands server, such as `https://bands.example`; empty for the page's own. */
  readonly baseUrl: string;
  /** A connection to be used instead of the page's one to that address. */
  readonly connection?: Connection;
}

const connections = new Map<string, Connection>();

/** Return the page's connection to a server, the same one for the same address. */
export function connectionTo(options: ConnectionOptions): Connection {
  if (options.connection) return options.connection;
  const { baseUrl } = options;
  const known = connections.get(baseUrl);
  if (known) return known;
  const client = new LiqbandsClient({ baseUrl });
  const made = { client, udf: udfClient(baseUrl), streams: new SharedStreams(client) };
  connections.set(baseUrl, made);
  return made;
}
