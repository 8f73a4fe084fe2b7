/**
 * What the page shows, and its form in the address: everything that a shared link restores.
 * Times are UTC milliseconds, prices quote per base, intensity is notional.
 */
import type { Side, Window } from '../client';

/** What each choice may be; in this order controls show them. */
export const VIEWS = ['chart', 'map', 'bands'] as const;
export const WINDOWS = ['12h', '1d', '3d', '1w', '1M', '3M', '1y'] as const satisfies Window[];
export const SIDES = ['both', 'long', 'short'] as const;
export const MODES = ['raw', 'smoothed'] as const;
export const PALETTES = ['classic', 'safe', 'monochrome'] as const;
export const THEMES = ['dark', 'light', 'system'] as const;
export const SCALES = ['linear', 'log'] as const;
/** Distance from the price that the map shows on both sides, per cent; `auto` holds most of both. */
export const REACHES = ['auto', '5', '10', '25', '50'] as const;

/** What can be drawn besides candles. */
export const LAYERS = [
  'heat',
  'profile',
  'bands',
  'liquidations',
  'sweeps',
  'volume',
  'delta',
  'openInterest',
  'funding',
] as const;

/** One of each. */
export type View = (typeof VIEWS)[number];
export type Mode = (typeof MODES)[number];
export type Palette = (typeof PALETTES)[number];
export type Theme = (typeof THEMES)[number];
export type Scale = (typeof SCALES)[number];
export type Reach = (typeof REACHES)[number];
export type Layer = (typeof LAYERS)[number];

/** Everything that a link restores. */
export interface ViewState {
  view: View;
  /** Ticker; empty is the first that the server lists. */
  symbol: string;
  /** `auto` follows the zoom. */
  timeframe: string;
  /** What `auto` came to where the view was moved, so that a link shows the same bars; else empty. */
  autoTimeframe: string;
  window: Window;
  /** Some venues of an aggregate; empty is all. */
  venues: readonly string[];
  side: 'both' | Side;
  /** One layer as `/map` names it; empty is all. */
  leverage: string;
  /** Only what was opened within that time; empty is all. */
  maxAge: Window | '';
  mode: Mode;
  palette: Palette;
  /** Notional of the palette's first and last colour; null lets the page choose. */
  intensity: readonly [number, number] | null;
  theme: Theme;
  scale: Scale;
  layers: readonly Layer[];
  /** Time at the left and right edge; null follows the newest bar. */
  visible: readonly [number, number] | null;
  /** Price at the lower and upper edge; null fits by itself. */
  prices: readonly [number, number] | null;
  /** Moment of the map and of the bands; null is now. */
  atMs: number | null;
  reach: Reach;
  panel: boolean;
  /** Column of the bands table, with a minus in front for descending. */
  sort: string;
}

/** What is drawn where nothing else is said; swept bands cost the server most and are left out. */
export const DEFAULT_LAYERS: readonly Layer[] = [
  'heat',
  'profile',
  'bands',
  'liquidations',
  'volume',
];

/** What an address without a query shows. */
export const DEFAULT_VIEW_STATE: ViewState = {
  view: 'chart',
  symbol: '',
  timeframe: 'auto',
  autoTimeframe: '',
  window: '1w',
  venues: [],
  side: 'both',
  leverage: '',
  maxAge: '',
  mode: 'raw',
  palette: 'classic',
  intensity: null,
  theme: 'dark',
  scale: 'linear',
  layers: DEFAULT_LAYERS,
  visible: null,
  prices: null,
  atMs: null,
  reach: 'auto',
  panel: true,
  sort: '-notional',
};

/** How one member of the state is written and read; `read` returns undefined for nonsense. */
interface Field<T> {
  name: string;
  write(value: T): string;
  read(text: string): T | undefined;
}

type Fields = { [Key in keyof ViewState]: Field<ViewState[Key]> };

const FIELDS: Fields = {
  view: choice('view', VIEWS),
  symbol: word('symbol', /^[A-Za-z0-9._:/-]{1,64}$/),
  timeframe: word('timeframe', /^(auto|\d{1,3}[mhdwM])$/),
  autoTimeframe: word('bars', /^\d{1,3}[mhdwM]$/),
  window: choice('window', WINDOWS),
  venues: list('venues', /^[A-Za-z0-9_-]{1,32}$/),
  side: choice('side', SIDES),
  leverage: word('leverage', /^[A-Za-z0-9 .+x-]{1,20}$/),
  maxAge: choice('age', WINDOWS),
  mode: choice('mode', MODES),
  palette: choice('palette', PALETTES),
  intensity: pair('intensity', 0),
  theme: choice('theme', THEMES),
  scale: choice('scale', SCALES),
  layers: layerList('layers'),
  visible: pair('visible', 1),
  prices: pair('prices', Number.MIN_VALUE),
  atMs: time('at'),
  reach: choice('reach', REACHES),
  panel: flag('panel'),
  sort: word('sort', /^-?[A-Za-z]{1,24}$/),
};

const KEYS = Object.keys(FIELDS) as (keyof ViewState)[];

/**
 * Read a state from an address; what is missing or makes no sense is the default.
 *
 * @param search - Query of the address, with or without `?`.
 */
export function parseViewState(search: string): ViewState {
  const query = new URLSearchParams(search);
  const state = { ...DEFAULT_VIEW_STATE };
  for (const key of KEYS) readField(key, query, state);
  return state;
}

/** Write a state as the query of an address, shortest form: defaults are left out. */
export function formatViewState(state: ViewState): string {
  const parts = KEYS.flatMap((key) => {
    const text = writeField(key, state);
    const isDefault = text === writeField(key, DEFAULT_VIEW_STATE);
    return isDefault ? [] : [`${FIELDS[key].name}=${escape(text)}`];
  });
  return parts.join('&');
}

function readField<Key extends keyof ViewState>(
  key: Key,
  query: URLSearchParams,
  state: ViewState,
): void {
  const field: Field<ViewState[Key]> = FIELDS[key];
  const text = query.get(field.name);
  const value = text === null ? undefined : field.read(text);
  if (value !== undefined) state[key] = value;
}

function writeField<Key extends keyof ViewState>(key: Key, state: ViewState): string {
  const field: Field<ViewState[Key]> = FIELDS[key];
  return field.write(state[key]);
}

/** Colons, commas and slashes may stand in a query, and read better than their codes. */
function escape(text: string): string {
  return encodeURIComponent(text).replace(/%(3A|2C|2F)/g, (code) => decodeURIComponent(code));
}

function choice<T extends string>(name: string, choices: readonly T[]): Field<T> {
  const read = (text: string): T | undefined => choices.find((one) => one === text);
  return { name, write: (value) => value, read };
}

function word(name: string, pattern: RegExp): Field<string> {
  return { name, write: (value) => value, read: (text) => (pattern.test(text) ? text : undefined) };
}

function list(name: string, pattern: RegExp): Field<readonly string[]> {
  const read = (text: string): string[] => text.split(',').filter((part) => pattern.test(part));
  return { name, write: (values) => values.join(','), read };
}

function layerList(name: string): Field<readonly Layer[]> {
  const read = (text: string): Layer[] => LAYERS.filter((one) => text.split(',').includes(one));
  const write = (values: readonly Layer[]): string =>
    LAYERS.filter((one) => values.includes(one)).join(',') || 'none';
  return { name, write, read };
}

/** Two ascending numbers, the first at least `least`. */
function pair(name: string, least: number): Field<readonly [number, number] | null> {
  const read = (text: string): readonly [number, number] | undefined => {
    const [low, high, rest] = text.split(',').map(numberOf);
    if (low === undefined || high === undefined || rest !== undefined) return undefined;
    return least <= low && low < high ? [low, high] : undefined;
  };
  return { name, write: (value) => (value === null ? '' : value.join(',')), read };
}

function time(name: string): Field<number | null> {
  const read = (text: string): number | undefined => {
    const value = numberOf(text);
    return value > 0 ? value : undefined;
  };
  return { name, write: (value) => (value === null ? '' : String(value)), read };
}

function flag(name: string): Field<boolean> {
  const read = (text: string): boolean | undefined => ({ 1: true, 0: false })[text];
  return { name, write: (value) => (value ? '1' : '0'), read };
}

/** NaN for anything but a plain number. */
function numberOf(text: string): number {
  return /^\d+(\.\d+)?(e[+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
}
