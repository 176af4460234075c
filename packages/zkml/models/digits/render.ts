import { SeededRandom } from "../../src/ir/random.ts";
import { GLYPHS, type Glyph, type Point, type Stroke } from "./glyphs.ts";

/** Images are square, this many pixels on a side. */
export const DIGIT_SIZE = 28;
export const DIGIT_PIXELS = DIGIT_SIZE * DIGIT_SIZE;

/** Training draws seeds below this one; those from here on are for testing and for jobs. */
export const HELD_OUT_SEED = 2 ** 30;

export interface DigitImage {
  /** 28 × 28 grey values, row by row; 0 is paper, 255 is full ink. */
  readonly pixels: Uint8Array;
  /** The digit that was drawn, 0 to 9. */
  readonly label: number;
}

const PIECES_PER_CURVE = 5;

/**
 * Draws a digit as if by hand: a random way of writing it with jittered points, then slant,
 * rotation, size, position, pen width, softness, pressure and paper noise. Only correctly rounded
 * operations (+ − × ÷ √) are used, so a label and seed give the same pixels on every engine.
 * `seed` is an integer from 0 to 2^32 − 1.
 * @throws RangeError when label is not an integer from 0 to 9.
 */
export function renderDigit(label: number, seed: number): DigitImage {
  const glyphs = GLYPHS[label];
  if (glyphs === undefined) {
    throw new RangeError(`label ${label} is not a digit; pass an integer from 0 to 9`);
  }
  const random = new SeededRandom(new SeededRandom(seed).uint32() + label);
  const segments = placeOnPaper(random.pick(glyphs), random);
  return { pixels: ink(segments, random), label };
}

/** Straight pieces of ink: fromX, fromY, dx, dy and 1 / length² of each, one after another. */
type Segments = Float64Array;

const SEGMENT_FIELDS = 5;

function placeOnPaper(glyph: Glyph, random: SeededRandom): Segments {
  const place = handwriting(random);
  const segments: number[] = [];
  for (const stroke of glyph) {
    const points = flatten(jitter(stroke, random)).map(place);
    for (let i = 1; i < points.length; i++) {
      const [[fromX, fromY], [toX, toY]] = [points[i - 1] as Point, points[i] as Point];
      const [dx, dy] = [toX - fromX, toY - fromY];
      const square = dx * dx + dy * dy;
      segments.push(fromX, fromY, dx, dy, square === 0 ? 0 : 1 / square);
    }
  }
  return Float64Array.from(segments);
}

function jitter(stroke: Stroke, random: SeededRandom): Stroke {
  const move = ([x, y]: Point): Point => [x + 0.022 * random.normal(), y + 0.022 * random.normal()];
  return {
    start: move(stroke.start),
    pieces: stroke.pieces.map(([control, end]) => [move(control), move(end)]),
  };
}

function flatten({ start, pieces }: Stroke): Point[] {
  const points: Point[] = [start];
  let from = start;
  for (const [control, end] of pieces) {
    for (let step = 1; step <= PIECES_PER_CURVE; step++) {
      const t = step / PIECES_PER_CURVE;
      const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
      points.push([
        a * from[0] + b * control[0] + c * end[0],
        a * from[1] + b * control[1] + c * end[1],
      ]);
    }
    from = end;
  }
  return points;
}

/** Slant, rotation by up to about 14 degrees, size and position, from the unit box to pixels. */
function handwriting(random: SeededRandom): (point: Point) => Point {
  const halfTangent = random.between(-0.12, 0.12);
  const norm = 1 + halfTangent * halfTangent;
  const [cosine, sine] = [(1 - halfTangent * halfTangent) / norm, (2 * halfTangent) / norm];
  const slant = random.between(-0.25, 0.2);
  const width = random.between(14, 20);
  const height = random.between(17, 22);
  const centreX = DIGIT_SIZE / 2 + random.between(-2, 2);
  const centreY = DIGIT_SIZE / 2 + random.between(-2, 2);
  return ([x, y]) => {
    const v = (y - 0.5) * height;
    const u = (x - 0.5) * width - slant * v;
    return [centreX + cosine * u - sine * v, centreY + sine * u + cosine * v];
  };
}

function ink(segments: Segments, random: SeededRandom): Uint8Array {
  const radius = random.between(0.7, 1.7);
  const softness = random.between(0.6, 1.3);
  const pressure = random.between(170, 255);
  const noise = random.between(0, 14);
  const pixels = new Uint8Array(DIGIT_PIXELS);
  for (let y = 0; y < DIGIT_SIZE; y++) {
    for (let x = 0; x < DIGIT_SIZE; x++) {
      const distance = distanceToInk(x + 0.5, y + 0.5, segments);
      const coverage = 0.5 + (radius - distance) / (2 * softness);
      const tone = pressure * Math.min(Math.max(coverage, 0), 1);
      const grain = noise * (random.unit() + random.unit() - 1);
      pixels[y * DIGIT_SIZE + x] = Math.min(Math.max(Math.round(tone + grain), 0), 255);
    }
  }
  return pixels;
}

function distanceToInk(x: number, y: number, segments: Segments): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < segments.length; i += SEGMENT_FIELDS) {
    const px = x - (segments[i] as number);
    const py = y - (segments[i + 1] as number);
    const dx = segments[i + 2] as number;
    const dy = segments[i + 3] as number;
    const along = Math.min(Math.max((px * dx + py * dy) * (segments[i + 4] as number), 0), 1);
    const ex = px - along * dx;
    const ey = py - along * dy;
    nearest = Math.min(nearest, ex * ex + ey * ey);
  }
  return Math.sqrt(nearest);
}
