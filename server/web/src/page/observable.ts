/** Values that tell when they change. */

type Watcher<T> = (value: Readonly<T>, before: Readonly<T>) => void;

/** An object whose changes can be watched, key by key. */
export class Observable<T extends object> {
  #value: T;
  readonly #watchers = new Set<{ keys: readonly (keyof T)[]; tell: Watcher<T> }>();

  constructor(value: T) {
    this.#value = value;
  }

  /** What it is now; never change it in place. */
  get value(): Readonly<T> {
    return this.#value;
  }

  /** Change some members and tell who watches one that is different now. */
  set(changes: Partial<T>): void {
    const before = this.#value;
    this.#value = { ...before, ...changes };
    const changed = (Object.keys(changes) as (keyof T)[]).filter(
      (key) => !same(before[key], this.#value[key]),
    );
    for (const { keys, tell } of [...this.#watchers]) {
      if (keys.some((key) => changed.includes(key))) tell(this.#value, before);
    }
  }

  /**
   * Call a function whenever one of some members changes.
   *
   * @returns A function that ends this.
   */
  watch(keys: readonly (keyof T)[], tell: Watcher<T>): () => void {
    const watcher = { keys, tell };
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Call a function now and whenever one of some members changes. */
  follow(keys: readonly (keyof T)[], tell: Watcher<T>): () => void {
    tell(this.#value, this.#value);
    return this.watch(keys, tell);
  }
}

function same(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return Object.is(one, other);
  return one.length === other.length && one.every((item, index) => Object.is(item, other[index]));
}
