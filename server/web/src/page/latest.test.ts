import { expect, test } from 'vitest';
import { Latest } from './latest';

test('a newer question takes the place of an older one', async () => {
  const latest = new Latest();
  let release = (_: string): void => undefined;
  const older = latest.run(() => new Promise<string>((resolve) => (release = resolve)));
  const newer = latest.run(async () => 'new');
  release('old');
  expect(await older).toBeNull();
  expect(await newer).toBe('new');
});

test('an error of an older question does not matter, that of the newest does', async () => {
  const latest = new Latest();
  const older = latest.run(async (signal) => {
    await Promise.resolve();
    signal.throwIfAborted();
  });
  const newer = latest.run(() => Promise.reject(new Error('no')));
  expect(await older).toBeNull();
  await expect(newer).rejects.toThrow('no');
});
