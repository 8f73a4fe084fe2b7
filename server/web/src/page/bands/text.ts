/** The bands table as plain text: columns in line, and what they rest on. */
import type { Band, BandsAnswer } from '../../client';
import { formatPrice, formatTime } from '../format';
import { COLUMNS } from './columns';

/** Return a text that reads well in a message and in a terminal. */
export function bandsText(answer: BandsAnswer, bands: readonly Band[]): string {
  const heads = ['#', ...COLUMNS.map((column) => column.label)];
  const rows = bands.map((band, index) => [
    String(index + 1),
    ...COLUMNS.map((column) => column.write(band, answer)),
  ]);
  const widths = heads.map((head, at) =>
    Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const lines = [heads, ...rows].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [`${titleOf(answer)}\n`, ...lines, ''].join('\n');
}

function titleOf(answer: BandsAnswer): string {
  const kind = answer.about.simulated ? ', simulated' : '';
  const age = answer.about.stale ? ', data are old' : '';
  const time = formatTime(answer.timeMs);
  return `${answer.symbol} at ${formatPrice(answer.mark)}, ${time} UTC${kind}${age}`;
}
