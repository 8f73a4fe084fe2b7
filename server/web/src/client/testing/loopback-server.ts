/** A real server on this machine for tests: every request is answered by a function. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request. */
export type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that is listening. */
export interface LoopbackServer {
  baseUrl: string;
  /** Paths and queries that were asked for, in order. */
  asked: string[];
  /** End all connections and stop listening. */
  close(): Promise<void>;
}

/** Listen on a free port, or on one that was free before. */
export async function listen(answer: Answerer, port = 0): Promise<LoopbackServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${own}`, asked, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Answer with a document. */
export function sendJson(response: ServerResponse, document: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(document));
}
