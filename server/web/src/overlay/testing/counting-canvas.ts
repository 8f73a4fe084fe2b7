/** Canvases that draw nothing and remember what they were asked to draw: Node has none of its own. */
import type { Painter } from '../heatmap/viewport';

/** One `drawImage`: part of a picture, and where it goes. */
export interface Drawn {
  picture: unknown;
  source: [x: number, y: number, width: number, height: number];
  target: [x: number, y: number, width: number, height: number];
}

/** A context that counts. */
export class CountingContext implements Painter {
  readonly drawn: Drawn[] = [];
  readonly transforms: number[][] = [];
  imageSmoothingEnabled = true;

  drawImage(picture: unknown, ...numbers: number[]): void {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = numbers;
    this.drawn.push({ picture, source: [a, b, c, d], target: [e, f, g, h] });
  }

  transform(...matrix: number[]): void {
    this.transforms.push(matrix);
  }

  save(): void {}
  restore(): void {}
  putImageData(): void {}
  clearRect(): void {}
}

/** A canvas in memory with such a context. */
export class CountingCanvas {
  readonly context = new CountingContext();

  constructor(
    public width: number,
    public height: number,
  ) {}

  getContext(): CountingContext {
    return this.context;
  }
}

/** Give the platform canvases, as browsers have them. */
export function installCanvases(): void {
  Object.assign(globalThis, {
    OffscreenCanvas: CountingCanvas,
    ImageData: class {
      constructor(
        readonly data: Uint8ClampedArray,
        readonly width: number,
        readonly height: number,
      ) {}
    },
  });
}
