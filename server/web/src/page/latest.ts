/** Questions of which only the newest one matters. */

/** Asks one thing at a time: a newer question ends the one before it. */
export class Latest {
  #controller: AbortController | null = null;

  /**
   * Ask.
   *
   * @param ask - Makes the requests, with a signal that ends them.
   * @returns The answer, or null where a newer question has taken its place.
   */
  async run<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    this.#controller?.abort();
    const controller = new AbortController();
    this.#controller = controller;
    try {
      const answer = await ask(controller.signal);
      return controller.signal.aborted ? null : answer;
    } catch (error) {
      if (controller.signal.aborted) return null;
      throw error;
    }
  }
}
