/** Icons of our own, drawn as strokes in a box of 20 by 20. */

const PATHS = {
  search: 'M9 4a5 5 0 1 0 0 10a5 5 0 0 0 0-10M12.8 12.8L17 17',
  chart: 'M5 3v3M5 12v4M3.5 6h3v6h-3zM10 5v2M10 14v3M8.5 7h3v7h-3zM15 3v2M15 10v4M13.5 5h3v5h-3z',
  map: 'M3 17h14M4.5 17V9M7.5 17v-5M10.5 17V5M13.5 17v-7M16 17V8',
  table: 'M3 5h14M3 10h14M3 15h14M8 5v10',
  sliders: 'M3 6h7M14 6h3M12 4v4M3 14h3M10 14h7M8 12v4',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  check: 'M4 10.5l4 4l8-9',
  download: 'M10 3v9M6 9l4 4l4-4M4 16h12',
  link: 'M8.5 11.5l3-3M7 9l-2 2a2.8 2.8 0 0 0 4 4l2-2M13 11l2-2a2.8 2.8 0 0 0-4-4l-2 2',
  sun: 'M10 7a3 3 0 1 0 0 6a3 3 0 0 0 0-6M10 2.5v1.5M10 16v1.5M2.5 10h1.5M16 10h1.5M4.7 4.7l1 1M14.3 14.3l1 1M4.7 15.3l1-1M14.3 5.7l1-1',
  moon: 'M16 11.5A6.5 6.5 0 0 1 8.5 4A6.5 6.5 0 1 0 16 11.5z',
  screen: 'M3 4.5h14v9H3zM7 16.5h6M10 13.5v3',
  help: 'M7.3 7.4a2.8 2.8 0 1 1 3.9 2.6c-.8.4-1.2.9-1.2 1.9M10 14.8v.4',
  close: 'M5 5l10 10M15 5L5 15',
  down: 'M5.5 8l4.5 4.5L14.5 8',
  up: 'M5.5 12L10 7.5l4.5 4.5',
  panel: 'M3 4h14v12H3zM12.5 4v12',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  live: 'M4 10h8M8.5 6l4 4l-4 4M16 5v10',
  warning: 'M10 3.5L17.5 16.5h-15zM10 8.5v3.5M10 14.3v.2',
  offline:
    'M3 3l14 14M5 9.5a8 8 0 0 1 2-1.4M10.5 7a8 8 0 0 1 4.5 2.5M7.5 12.3a4 4 0 0 1 4.2-.8M10 15.5h.01',
  empty: 'M3 16V6M3 16h14M6.5 12.5l3-3l2.5 2l4.5-5',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof PATHS;

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** Draw an icon; it says nothing to a screen reader, its button does. */
export function icon(name: IconName): SVGSVGElement {
  const drawing = document.createElementNS(NAMESPACE, 'svg');
  drawing.setAttribute('viewBox', '0 0 20 20');
  drawing.setAttribute('class', 'icon');
  drawing.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(NAMESPACE, 'path');
  path.setAttribute('d', PATHS[name]);
  drawing.append(path);
  return drawing;
}
