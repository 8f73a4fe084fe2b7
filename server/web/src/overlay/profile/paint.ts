/** Draws a profile: one path and one fill per layer. */
import type { Viewport } from '../heatmap/viewport';
import { type Background, heatColor, type PaletteName } from '../palette';
import type { ProfileLayers } from './layers';
import type { ProfilePrimitiveOptions } from './options';

/** Return the colour of each layer, low leverage first, as colours of a style sheet. */
export function layerColors(
  palette: PaletteName,
  background: Background,
  count: number,
  opacity = 1,
): string[] {
  return Array.from({ length: count }, (_, layer) => {
    // On the ramp's own stops: between two of them lie colours that nobody chose.
    const heat = Math.round(8 * (0.25 + (0.75 * layer) / Math.max(1, count - 1))) / 8;
    const [red, green, blue] = heatColor(palette, background, heat);
    return `rgb(${red} ${green} ${blue} / ${opacity})`;
  });
}

/** Draw bars from the right edge inwards. */
export function paintProfile(
  context: CanvasRenderingContext2D,
  layers: ProfileLayers,
  view: Viewport,
  ratio: number,
  options: ProfilePrimitiveOptions,
): void {
  const { palette, background, opacity, share, mostPixels } = options;
  const longest = Math.min(view.width * share, mostPixels * ratio);
  const edges = layers.edges.map((edge) => Math.round(view.y(edge)));
  const colors = layerColors(palette, background, layers.ends.length, opacity);
  layers.ends.forEach((ends, layer) => {
    const begins = layers.ends[layer - 1] ?? ends.map(() => 0);
    context.beginPath();
    ends.forEach((end, row) => {
      const bar = barOf(edges[row] ?? 0, edges[row + 1] ?? 0, view.height);
      const begin = begins[row] ?? 0;
      if (end <= begin || bar === null) return;
      const left = Math.round(view.width - end * longest);
      const right = Math.round(view.width - begin * longest);
      context.rect(left, bar.top, right - left, bar.height);
    });
    context.fillStyle = colors[layer] ?? '';
    context.fill();
  });
}

/** Return where a row's bar lies, with a gap to the next one where there is room for it. */
function barOf(one: number, other: number, height: number): { top: number; height: number } | null {
  const [top, bottom] = [Math.min(one, other), Math.max(one, other)];
  if (bottom < 0 || top > height) return null;
  const gap = bottom - top > 4 ? 1 : 0;
  return { top, height: Math.max(1, bottom - top - gap) };
}
