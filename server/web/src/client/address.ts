/** From a question to the address that asks it. */

const NAMES: Readonly<Record<string, string>> = {
  fromMs: 'from',
  toMs: 'to',
  asOfMs: 'as_of',
  rows: 'bins',
  maxAge: 'max_age',
  slots: 'k',
};

/**
 * Return an address with a question's parameters; those that are undefined are left out.
 *
 * The same question always gives the same address, so that answers can be kept.
 */
export function addressOf(baseUrl: string, path: string, query: object): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value !== undefined) parameters.set(NAMES[key] ?? key, written(value));
  }
  const asked = parameters.size > 0 ? `?${parameters}` : '';
  return `${baseUrl.replace(/\/+$/, '')}${path}${asked}`;
}

function written(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'number' ? plainDecimal(value) : String(value);
}

/** Return a number without an exponent, which the server would refuse. */
function plainDecimal(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(12).replace(/\.?0+$/, '');
}
