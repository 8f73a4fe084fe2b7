/** Objects that have what is documented and nothing else. */

/** A rule of the documented interface that was broken. */
export class UndocumentedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UndocumentedError';
  }
}

/** Promises look for it on everything that they are resolved with. */
const LOOKED_FOR_BY_PROMISES = 'then';

/** Return an object that throws where something is read or written that it does not have. */
export function documented<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(object, key) {
      if (!(key in object) && typeof key === 'string' && key !== LOOKED_FOR_BY_PROMISES) {
        throw new UndocumentedError(`${name} has no documented ${key}`);
      }
      const value: unknown = Reflect.get(object, key);
      return typeof value === 'function' ? value.bind(object) : value;
    },
    set(_, key) {
      throw new UndocumentedError(`${name}.${String(key)} must not be written`);
    },
  });
}

/** Throw where an object has a key that is not documented, or lacks one that is required. */
export function checkKeys(
  name: string,
  found: object,
  required: readonly string[],
  optional: readonly string[] = [],
): void {
  const known = new Set([...required, ...optional]);
  const unknown = Object.keys(found).filter((key) => !known.has(key));
  if (unknown.length > 0) throw new UndocumentedError(`${name} has undocumented ${unknown.join()}`);
  const missing = required.filter((key) => !(key in found));
  if (missing.length > 0) throw new UndocumentedError(`${name} must have ${missing.join()}`);
}

/** Throw unless a rule holds. */
export function check(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new UndocumentedError(rule);
}
