/** Places labels beside each other so that none covers another. */

/** A label that wants to be somewhere; heights in pixels from the top. */
export interface WantedLabel {
  /** Where its middle should be. */
  y: number;
  height: number;
  /** Those with less give way where there is no room for all. */
  priority: number;
}

/**
 * Return where the middle of each label goes, null for those without room.
 *
 * Labels keep their order, lie between 0 and `room`, do not overlap, and are moved as little as
 * possible (least squares).
 */
export function placeLabels(labels: readonly WantedLabel[], room: number): (number | null)[] {
  const chosen = withRoom(labels, room).sort((a, b) => y(labels, a) - y(labels, b) || a - b);
  const places: (number | null)[] = labels.map(() => null);
  let offset = 0;
  const wishes = chosen.map((index) => {
    const half = (labels[index]?.height ?? 0) / 2;
    const wish = y(labels, index) - offset - half;
    offset += 2 * half;
    return wish;
  });
  const tops = ascending(wishes).map((top) => Math.min(Math.max(top, 0), room - offset));
  let above = 0;
  chosen.forEach((index, i) => {
    const height = labels[index]?.height ?? 0;
    places[index] = (tops[i] ?? 0) + above + height / 2;
    above += height;
  });
  return places;
}

function y(labels: readonly WantedLabel[], index: number): number {
  return labels[index]?.y ?? 0;
}

/** Return the labels that fit, those of the highest priority first. */
function withRoom(labels: readonly WantedLabel[], room: number): number[] {
  const order = labels.map((_, index) => index);
  order.sort((a, b) => (labels[b]?.priority ?? 0) - (labels[a]?.priority ?? 0) || a - b);
  let left = room;
  return order.filter((index) => {
    const height = labels[index]?.height ?? 0;
    const fits = height <= left;
    if (fits) left -= height;
    return fits;
  });
}

/** Return the ascending values that lie nearest to some, by pooling neighbours that disagree. */
function ascending(values: readonly number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const value of values) {
    let pool = { sum: value, count: 1 };
    for (
      let last = pools.at(-1);
      last !== undefined && mean(last) > mean(pool);
      last = pools.at(-1)
    ) {
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) => new Array<number>(pool.count).fill(mean(pool)));
}

function mean(pool: { sum: number; count: number }): number {
  return pool.sum / pool.count;
}
