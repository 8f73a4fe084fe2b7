import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventReader } from './sse';

const BODY =
  'retry: 3000\n\nid: 7\nevent: bar\ndata: {"t":60}\n\n: still here\n\nid: 8\r\nevent: bar\r\n' +
  'data: {"t":\r\ndata: 120}\r\n\r\ndata:no space\n\nevent: empty\n\nid: 9\ndata: half';
const EVENTS = [
  { name: 'bar', data: '{"t":60}', id: '7' },
  { name: 'bar', data: '{"t":\n120}', id: '8' },
  { name: 'message', data: 'no space', id: '8' },
];

test('events are told once their empty line has come', () => {
  expect(new EventReader('').take(BODY)).toEqual(EVENTS);
});

test('it does not matter where the body is cut', () => {
  const cuts = fc.array(fc.integer({ min: 0, max: BODY.length }), { maxLength: 8 });
  fc.assert(
    fc.property(cuts, (places) => {
      const reader = new EventReader('');
      const ends = [...places.sort((a, b) => a - b), BODY.length];
      const events = ends.flatMap((end, i) => reader.take(BODY.slice(ends[i - 1] ?? 0, end)));
      expect(events).toEqual(EVENTS);
    }),
  );
});

test('an event without an id has that of the one before', () => {
  expect(new EventReader('41').take('data: x\n\n')).toEqual([
    { name: 'message', data: 'x', id: '41' },
  ]);
});
