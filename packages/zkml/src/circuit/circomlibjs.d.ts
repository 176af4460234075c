declare module "circomlibjs" {
  /** Montgomery bytes of a field element. */
  export type PoseidonOutput = Uint8Array;

  export interface Poseidon {
    (inputs: readonly bigint[]): PoseidonOutput;
    readonly F: { toObject(element: PoseidonOutput): bigint };
  }

  export function buildPoseidonOpt(): Promise<Poseidon>;

  export const poseidonContract: {
    /** Creation code, 0x and hexadecimal digits, for 1 to 8 inputs. */
    createCode(inputs: number): string;
    /** JSON ABI: the hash of words and of integers, under one name. */
    generateABI(inputs: number): readonly object[];
  };
}
