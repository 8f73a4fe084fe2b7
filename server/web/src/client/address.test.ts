import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf } from './address';

test('names are those of the server', () => {
  const query = { fromMs: 1, toMs: 2, asOfMs: 3, rows: 4, maxAge: '1d', slots: 20 };
  expect(addressOf('http://a', '/x', query)).toBe(
    'http://a/x?as_of=3&from=1&max_age=1d&bins=4&k=20&to=2',
  );
});

test('the order in which a question is written does not matter', () => {
  const [one, other] = [
    { symbol: 'A', rows: 4 },
    { rows: 4, symbol: 'A' },
  ];
  expect(addressOf('', '/x', one)).toBe(addressOf('', '/x', other));
});

test('what is undefined is left out, and lists are joined', () => {
  const query = { venues: ['binance', 'bybit'], side: undefined };
  expect(addressOf('http://a/', '/x', query)).toBe('http://a/x?venues=binance%2Cbybit');
});

test('a price is written in plain decimals that read back', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (low) => {
      const text = new URL(addressOf('http://a', '/x', { low })).searchParams.get('low') ?? '';
      expect(text).toMatch(/^[0-9]{1,12}(\.[0-9]{1,12})?$/);
      expect(Math.abs(Number(text) - low)).toBeLessThanOrEqual(1e-12 + low * 1e-15);
    }),
  );
});
