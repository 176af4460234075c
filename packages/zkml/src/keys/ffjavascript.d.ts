declare module "ffjavascript" {
  /** Affine or Jacobian point bytes, in Montgomery form. */
  export type PointBytes = Uint8Array;
  export type NestedBigints = readonly (bigint | NestedBigints)[];

  export interface Group {
    readonly g: PointBytes;
    readonly zero: PointBytes;
    readonly F: { readonly n8: number };
    add(a: PointBytes, b: PointBytes): PointBytes;
    neg(a: PointBytes): PointBytes;
    eq(a: PointBytes, b: PointBytes): boolean;
    isValid(a: PointBytes): boolean;
    isZero(a: PointBytes): boolean;
    timesScalar(a: PointBytes, scalar: bigint): PointBytes;
    toAffine(a: PointBytes): PointBytes;
    toObject(a: PointBytes): NestedBigints;
    fromObject(a: NestedBigints): PointBytes;
    multiExpAffine(bases: Uint8Array, scalars: Uint8Array): Promise<PointBytes>;
  }

  export interface ThreadManager {
    readonly code: Uint8Array<ArrayBuffer>;
    readonly u32: Uint32Array;
    readonly pG1gen: number;
    readonly pG2gen: number;
  }

  export interface Curve {
    readonly name: string;
    readonly G1: Group;
    readonly G2: Group;
    readonly Gt: {
      toObject(a: Uint8Array): NestedBigints;
      eq(a: Uint8Array, b: Uint8Array): boolean;
    };
    readonly tm: ThreadManager;
    pairing(g1: PointBytes, g2: PointBytes): Uint8Array;
    pairingEq(...points: PointBytes[]): Promise<boolean>;
    terminate(): Promise<void>;
  }

  export function buildBn128(singleThread: boolean): Promise<Curve>;
}
