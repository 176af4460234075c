declare module "circomlibjs" {
  /** Montgomery bytes of a field element. */
  export type PoseidonOutput = Uint8Array;

  export interface Poseidon {
    (inputs: readonly bigint[]): PoseidonOutput;
    readonly F: { toObject(element: PoseidonOutput): bigint };
  }

  export function buildPoseidon(): Promise<Poseidon>;
  export function buildPoseidonOpt(): Promise<Poseidon>;
}
