import { expect, test } from 'vitest';
import type { Stream, StreamHandlers, StreamQuery } from '../client';
import { SharedStreams } from './shared-streams';

/** Opens streams that say what they are told to. */
class ToldStreams {
  readonly open: StreamHandlers[] = [];

  stream(_: StreamQuery, handlers: StreamHandlers): Stream {
    this.open.push(handlers);
    const close = () => void this.open.splice(this.open.indexOf(handlers), 1);
    return { close, retry: () => undefined };
  }
}

test('followers of the same bars share a stream, which ends with the last of them', () => {
  const told = new ToldStreams();
  const streams = new SharedStreams(told);
  const followings = ['1m', '1m', '1h'].map((timeframe) => streams.follow('A', timeframe, {}));
  expect(told.open).toHaveLength(2);
  for (const following of [...followings, ...followings]) following.close();
  expect(told.open).toHaveLength(0);
});

test('a follower that comes later is told how the stream is', async () => {
  const told = new ToldStreams();
  const streams = new SharedStreams(told);
  streams.follow('A', '1m', {});
  told.open[0]?.state?.('open');
  const states: string[] = [];
  streams.follow('A', '1m', { state: (state) => states.push(state) });
  await Promise.resolve();
  expect(states).toEqual(['open']);
});

test('a follower that has left is told nothing', async () => {
  const told = new ToldStreams();
  const streams = new SharedStreams(told);
  streams.follow('A', '1m', {});
  const heard: unknown[] = [];
  const follower = { state: (state: unknown) => heard.push(state), slots: () => heard.push(0) };
  streams.follow('A', '1m', follower).close();
  await Promise.resolve();
  told.open[0]?.slots?.(0);
  expect(heard).toEqual([]);
});
