declare module "snarkjs" {
  export interface Groth16Proof {
    readonly pi_a: readonly string[];
    readonly pi_b: readonly (readonly string[])[];
    readonly pi_c: readonly string[];
    readonly protocol: string;
    readonly curve: string;
  }

  /** A file kept in memory. */
  export interface MemoryFile {
    readonly type: "mem";
    data?: Uint8Array;
  }

  export type Signals = Readonly<Record<string, bigint | readonly bigint[]>>;
  export type FileSource = string | MemoryFile;

  export const wtns: {
    calculate(
      input: Signals,
      wasm: FileSource,
      witness: FileSource,
      options?: { readonly memorySize: number },
    ): Promise<void>;
  };

  export const groth16: {
    prove(
      zkey: FileSource,
      witness: FileSource,
      logger?: undefined,
      options?: { singleThread: boolean },
    ): Promise<{ proof: Groth16Proof; publicSignals: readonly string[] }>;
    verify(key: object, signals: readonly string[], proof: object): Promise<boolean>;
    exportSolidityCallData(proof: object, signals: readonly string[]): Promise<string>;
  };

  export const zKey: {
    newZKey(r1cs: FileSource, ptau: FileSource, zkey: FileSource): Promise<Uint8Array | -1>;
    exportVerificationKey(zkey: FileSource): Promise<object>;
  };

  export const powersOfTau: {
    preparePhase2(from: FileSource, to: FileSource): Promise<void>;
  };
}
