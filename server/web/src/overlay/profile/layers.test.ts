import { expect, test } from 'vitest';
import type { MapAnswer } from '../../client';
import { profileLayers } from './layers';

/** A map of rows with one notional per layer and side. */
const mapOf = (longLayers: number[][], shortLayers: number[][]) =>
  ({
    edges: Array.from({ length: (longLayers[0]?.length ?? 0) + 1 }, (_, i) => 100 + i),
    leverageGroups: longLayers.map((_, i) => `${i}x`),
    longLayers,
    shortLayers,
  }) as MapAnswer;

test('layers are stacked, both sides together', () => {
  const layers = profileLayers(
    mapOf(
      [
        [1, 0],
        [3, 2],
      ],
      [
        [0, 1],
        [0, 1],
      ],
    ),
  );
  expect(layers.cap).toBe(4);
  expect(layers.ends.map((ends) => [...ends])).toEqual([
    [0.25, 0.25],
    [1, 1],
  ]);
});

test('one outlier is cut off rather than making all others short', () => {
  const notional = new Array<number>(1000).fill(1);
  notional[7] = 1e6;
  const layers = profileLayers(mapOf([notional], [new Array<number>(1000).fill(0)]));
  expect([layers.cap, layers.ends[0]?.[7], layers.ends[0]?.[8]]).toEqual([1, 1, 1]);
});

test('an empty map has no bars', () => {
  expect([...(profileLayers(mapOf([[0, 0]], [[0, 0]])).ends[0] ?? [])]).toEqual([0, 0]);
});
