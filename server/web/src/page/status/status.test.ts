import { expect, test } from 'vitest';
import { ProblemError } from '../../client';
import { about, DAY_MS, START_MS } from '../testing/samples';
import { mayPass, sentence, troubleOf } from './placeholder';
import { badgesOf, connectionOf } from './wording';

const kinds = (changes: object): string[] => badgesOf(about(changes)).map((badge) => badge.kind);

test('an answer that is as one would expect needs no sign', () => {
  expect(kinds({})).toEqual([]);
});

test('what must be seen is said', () => {
  expect(kinds({ simulated: true })).toEqual(['simulated']);
  expect(kinds({ seedShare: 0.2 })).toEqual(['warming']);
  expect(kinds({ unit: 'relative' })).toEqual(['relative']);
  expect(kinds({ leftOut: ['okx: other rules'] })).toEqual(['part']);
});

test('old data say how old they are', () => {
  const old = {
    venue: 'bybit',
    ticker: 'A',
    lastCloseMs: START_MS,
    ageMs: 260 * DAY_MS,
    stale: true,
  };
  const [badge] = badgesOf(about({ stale: true, venues: [old] }));
  expect(badge).toMatchObject({ kind: 'stale', label: 'Data 260 d old' });
  expect(badge?.title).toContain('bybit: last close 2026-01-01 00:00 UTC');
});

test('the worst news about the connection comes first', () => {
  expect(connectionOf(false, 'open', about()).label).toBe('Offline');
  expect(connectionOf(true, 'lost', about()).label).toBe('Reconnecting…');
  expect(connectionOf(true, 'open', about({ stale: true })).label).toBe('Recorded');
  expect(connectionOf(true, 'open', about()).label).toBe('Live');
  expect(connectionOf(true, 'open', null).label).toBe('Connecting…');
});

test('a problem document becomes sentences', () => {
  const problem = new ProblemError(400, { title: 'Bad Request', detail: 'bins must be at most 9' });
  expect(troubleOf(problem).detail).toBe('Bins must be at most 9.');
  expect(troubleOf(new ProblemError(404, { detail: 'unknown symbol' })).title).toContain('no such');
  expect(troubleOf(new TypeError('Failed to fetch')).title).toBe('The server does not answer');
  expect(sentence('Ready?')).toBe('Ready?');
});

test('what may pass is asked for again, a mistake is not', () => {
  expect(mayPass(new TypeError('Failed to fetch'))).toBe(true);
  expect(mayPass(new ProblemError(503, {}))).toBe(true);
  expect(mayPass(new ProblemError(400, {}))).toBe(false);
});
