import { expect, test } from 'vitest';
import { timeframeOf } from './resolutions';

test.each([
  ['1', '1m', 60_000],
  ['060', '1h', 3_600_000],
  ['240', '4h', 14_400_000],
  ['1440', '1d', 86_400_000],
  ['D', '1d', 86_400_000],
  ['1D', '1d', 86_400_000],
  ['1W', '1w', 604_800_000],
  ['M', '1M', 2_592_000_000],
])('%s is %s', (resolution, name, lengthMs) => {
  expect(timeframeOf(resolution)).toMatchObject({ name, lengthMs });
});

test.each(['', '0', '2D', '3W', '12M', '30S', '1T', '1h', 'x'])('%s is none of ours', (name) => {
  expect(timeframeOf(name)).toBeUndefined();
});

test.each([
  ['15', '2025-01-01T10:16:59Z', '2025-01-01T10:15:00Z'],
  ['1D', '2025-01-01T10:16:59Z', '2025-01-01T00:00:00Z'],
  ['1W', '2025-01-05T23:59:59Z', '2024-12-30T00:00:00Z'],
  ['1M', '2024-02-29T23:59:59Z', '2024-02-01T00:00:00Z'],
])('a bar of %s opens where it should', (resolution, time, open) => {
  expect(timeframeOf(resolution)?.openOf(Date.parse(time))).toBe(Date.parse(open));
});
