/** One step of a second phase; paths of files that exist, or that the step writes. */
export type CeremonyStep =
  | { readonly action: "new"; readonly r1cs: string; readonly ptau: string; readonly zkey: string }
  | {
      readonly action: "contribute";
      readonly from: string;
      readonly to: string;
      readonly name: string;
      readonly entropy: string;
    }
  | {
      readonly action: "beacon";
      readonly from: string;
      readonly to: string;
      readonly name: string;
      readonly value: string;
      readonly iterationsExp: number;
    }
  | {
      /** Makes the initial key anew, and checks the last one against it. */
      readonly action: "verify";
      readonly r1cs: string;
      readonly ptau: string;
      /** Where the initial key is written. */
      readonly initial: string;
      readonly initialSha256: string;
      readonly zkey: string;
    };

/** `problems` is empty when the step succeeded. */
export interface StepReply {
  readonly problems: readonly string[];
}

/** What `verify` says of an initial key with another hash. */
export const OTHER_INITIAL_KEY = "the initial key is another one";
