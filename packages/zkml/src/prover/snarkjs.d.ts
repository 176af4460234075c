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

  export interface SnarkjsLogger {
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
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
    newZKey(
      r1cs: FileSource,
      ptau: FileSource,
      zkey: FileSource,
      logger?: SnarkjsLogger,
    ): Promise<Uint8Array | -1>;
    exportVerificationKey(zkey: FileSource): Promise<object>;
    contribute(
      from: FileSource,
      to: FileSource,
      name: string,
      entropy: string,
      logger?: SnarkjsLogger,
    ): Promise<Uint8Array>;
    beacon(
      from: FileSource,
      to: FileSource,
      name: string,
      beaconHex: string,
      iterationsExp: number,
      logger?: SnarkjsLogger,
    ): Promise<Uint8Array | false>;
    verifyFromInit(
      initial: FileSource,
      ptau: FileSource,
      zkey: FileSource,
      logger?: SnarkjsLogger,
    ): Promise<boolean>;
  };

  export const powersOfTau: {
    preparePhase2(from: FileSource, to: FileSource): Promise<void>;
  };
}
