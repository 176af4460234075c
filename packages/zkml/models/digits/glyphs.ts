/** A point of the unit drawing box: x to the right, y downward, both about 0 to 1. */
export type Point = readonly [x: number, y: number];

/** A pen stroke: a start point, then quadratic Bézier pieces (control point, end point). */
export interface Stroke {
  readonly start: Point;
  readonly pieces: readonly (readonly [control: Point, end: Point])[];
}

/** One way of writing a digit. */
export type Glyph = readonly Stroke[];

function curve(start: Point, ...points: readonly Point[]): Stroke {
  const pieces: [Point, Point][] = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    pieces.push([points[i] as Point, points[i + 1] as Point]);
  }
  return { start, pieces };
}

/** Straight pieces: the control point is the middle. */
function line(start: Point, ...corners: readonly Point[]): Stroke {
  let from = start;
  const pieces: [Point, Point][] = [];
  for (const to of corners) {
    pieces.push([[(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], to]);
    from = to;
  }
  return { start, pieces };
}

/** A closed loop of four pieces around a centre. */
function loop(x: number, y: number, width: number, height: number): Stroke {
  const [left, right, top, bottom] = [x - width, x + width, y - height, y + height];
  return curve(
    [x, top],
    [right, top],
    [right, y],
    [right, bottom],
    [x, bottom],
    [left, bottom],
    [left, y],
    [left, top],
    [x, top],
  );
}

/** The ways each digit is written, indexed by the digit. */
export const GLYPHS: readonly (readonly Glyph[])[] = [
  [[loop(0.5, 0.5, 0.3, 0.42)], [loop(0.5, 0.5, 0.22, 0.42)], [loop(0.5, 0.5, 0.36, 0.4)]],
  [
    [line([0.5, 0.08], [0.5, 0.92])],
    [line([0.34, 0.26], [0.53, 0.08], [0.53, 0.92])],
    [line([0.34, 0.26], [0.52, 0.08], [0.52, 0.92]), line([0.3, 0.92], [0.74, 0.92])],
  ],
  [
    [
      curve(
        [0.22, 0.3],
        [0.24, 0.08],
        [0.5, 0.08],
        [0.78, 0.08],
        [0.76, 0.34],
        [0.74, 0.55],
        [0.22, 0.92],
      ),
      line([0.22, 0.92], [0.8, 0.92]),
    ],
    [
      curve(
        [0.24, 0.22],
        [0.44, 0],
        [0.66, 0.14],
        [0.86, 0.34],
        [0.56, 0.62],
        [0.3, 0.84],
        [0.22, 0.9],
      ),
      curve([0.22, 0.9], [0.42, 0.74], [0.56, 0.86], [0.7, 0.94], [0.82, 0.84]),
    ],
  ],
  [
    [
      curve(
        [0.24, 0.18],
        [0.4, 0.06],
        [0.54, 0.08],
        [0.78, 0.12],
        [0.74, 0.3],
        [0.7, 0.46],
        [0.42, 0.47],
      ),
      curve(
        [0.42, 0.47],
        [0.76, 0.48],
        [0.78, 0.7],
        [0.76, 0.92],
        [0.5, 0.92],
        [0.34, 0.92],
        [0.2, 0.8],
      ),
    ],
    [
      line([0.24, 0.09], [0.74, 0.09], [0.46, 0.42]),
      curve(
        [0.46, 0.42],
        [0.8, 0.42],
        [0.78, 0.68],
        [0.74, 0.94],
        [0.46, 0.92],
        [0.32, 0.92],
        [0.22, 0.82],
      ),
    ],
  ],
  [
    [line([0.6, 0.08], [0.18, 0.64], [0.84, 0.64]), line([0.62, 0.3], [0.62, 0.94])],
    [line([0.28, 0.1], [0.24, 0.52], [0.74, 0.5]), line([0.7, 0.1], [0.68, 0.92])],
    [line([0.66, 0.92], [0.66, 0.08], [0.18, 0.66], [0.84, 0.66])],
  ],
  [
    [
      line([0.74, 0.09], [0.3, 0.09], [0.27, 0.44]),
      curve(
        [0.27, 0.44],
        [0.5, 0.34],
        [0.66, 0.46],
        [0.84, 0.62],
        [0.7, 0.82],
        [0.5, 1],
        [0.22, 0.84],
      ),
    ],
    [
      curve([0.76, 0.1], [0.5, 0.1], [0.34, 0.12], [0.3, 0.26], [0.28, 0.42]),
      curve(
        [0.28, 0.42],
        [0.78, 0.36],
        [0.76, 0.66],
        [0.74, 0.92],
        [0.46, 0.92],
        [0.32, 0.92],
        [0.24, 0.86],
      ),
    ],
  ],
  [
    [
      curve([0.68, 0.1], [0.34, 0.2], [0.28, 0.58]),
      curve(
        [0.28, 0.62],
        [0.28, 0.92],
        [0.5, 0.92],
        [0.76, 0.92],
        [0.76, 0.7],
        [0.74, 0.5],
        [0.54, 0.5],
        [0.34, 0.5],
        [0.28, 0.66],
      ),
    ],
    [
      curve(
        [0.56, 0.06],
        [0.3, 0.36],
        [0.27, 0.64],
        [0.26, 0.94],
        [0.5, 0.92],
        [0.74, 0.9],
        [0.72, 0.72],
        [0.68, 0.52],
        [0.48, 0.54],
        [0.34, 0.56],
        [0.28, 0.74],
      ),
    ],
  ],
  [
    [line([0.2, 0.1], [0.8, 0.1], [0.42, 0.92])],
    [line([0.2, 0.1], [0.8, 0.1], [0.42, 0.92]), line([0.36, 0.5], [0.74, 0.5])],
    [
      line([0.22, 0.24], [0.22, 0.11], [0.78, 0.11]),
      curve([0.78, 0.11], [0.54, 0.5], [0.46, 0.92]),
    ],
  ],
  [
    [loop(0.5, 0.28, 0.22, 0.2), loop(0.5, 0.7, 0.27, 0.22)],
    [
      curve(
        [0.74, 0.2],
        [0.6, 0.02],
        [0.4, 0.1],
        [0.18, 0.24],
        [0.42, 0.42],
        [0.86, 0.66],
        [0.68, 0.84],
        [0.5, 1],
        [0.32, 0.84],
        [0.16, 0.64],
        [0.5, 0.46],
        [0.76, 0.32],
        [0.74, 0.2],
      ),
    ],
  ],
  [
    [loop(0.48, 0.32, 0.24, 0.23), line([0.72, 0.32], [0.68, 0.93])],
    [
      loop(0.48, 0.32, 0.24, 0.23),
      curve([0.72, 0.34], [0.76, 0.72], [0.6, 0.86], [0.46, 0.98], [0.26, 0.86]),
    ],
    [loop(0.5, 0.3, 0.22, 0.21), line([0.72, 0.1], [0.72, 0.93])],
  ],
];
