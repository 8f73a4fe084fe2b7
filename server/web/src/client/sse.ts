/** Server-sent events out of a body, as the HTML standard reads them. */

/** One event. */
export interface ServerEvent {
  /** `message` where the server names none. */
  name: string;
  data: string;
  /** Last id told so far; empty where none was. */
  id: string;
}

/** Receives what a body says, piece by piece, and tells each event once it is complete. */
export class EventReader {
  #rest = '';
  #name = '';
  #data: string[] = [];
  #id: string;

  /** @param lastId - Id that events have until the server tells another one. */
  constructor(lastId: string) {
    this.#id = lastId;
  }

  /** Return the events that a piece of the body completes. */
  take(piece: string): ServerEvent[] {
    // A carriage return at the end may be the first half of a line end.
    const text = this.#rest + piece;
    const held = text.endsWith('\r') ? 1 : 0;
    const lines = text.slice(0, text.length - held).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? '') + text.slice(text.length - held);
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): ServerEvent[] {
    if (line === '') return this.#finished();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#name = value;
    if (field === 'data') this.#data.push(value);
    if (field === 'id' && !value.includes('\0')) this.#id = value;
    return [];
  }

  #finished(): ServerEvent[] {
    const event = { name: this.#name || 'message', data: this.#data.join('\n'), id: this.#id };
    const isEmpty = this.#data.length === 0;
    this.#name = '';
    this.#data = [];
    return isEmpty ? [] : [event];
  }
}
