/** What a provider was found guilty of; values of the contracts' `Ground`. */
export const Ground = {
  None: 0,
  WrongStep: 1,
  WrongTrace: 2,
  ContradictingProof: 3,
  Silence: 4,
  Equivocation: 5,
} as const;
export type Ground = (typeof Ground)[keyof typeof Ground];
export type GroundName = keyof typeof Ground;

export function groundName(ground: Ground): GroundName {
  return (Object.keys(Ground) as GroundName[])[ground] as GroundName;
}

/** Whose move it is in an inquiry; values of the contracts' `Turn`. */
export const Turn = { None: 0, Provider: 1, Inquirer: 2, Closed: 3 } as const;
export type Turn = (typeof Turn)[keyof typeof Turn];

/** Where a question points; values of the contracts' `Place`. */
export const Place = { Trace: 0, Tensors: 1, Tensor: 2, Chunks: 3, Chunk: 4 } as const;
export type Place = (typeof Place)[keyof typeof Place];

/** A result of one market, by the words of the dispute game. */
export interface ResultKey {
  readonly market: string;
  readonly subject: string;
}

/** A result that its provider answers for with collateral, and what it takes to call it into question. */
export interface BondedResult extends ResultKey {
  /** What the market's reader recognises the result by, ABI-encoded, hex. */
  readonly claim: string;
  /** What its market does not settle while it is in question. */
  readonly hold: string;
  readonly provider: string;
  readonly modelVersion: string;
  /** SHA-256 of the input artifact. */
  readonly inputDigest: string;
  /** Tensor root of the input; the zero word when the lane states none. */
  readonly inputRoot: string;
  /** Tensor root of the output that was stated beside the trace; the zero word when there is none. */
  readonly outputRoot: string;
  readonly traceRoot: string;
  /** LAT wei. */
  readonly collateral: bigint;
  /** Block in which it was stated: its disputes are not older. */
  readonly block: number;
}

/** What became of a result that was called into question. */
export interface Verdict {
  readonly reporter: string;
  /** Unix seconds since which the reporter's evidence counts. */
  readonly foundAt: number;
  /** Unix seconds from which the slash can be carried out. */
  readonly executableAt: number;
  readonly ground: Ground;
  readonly executed: boolean;
}

/** A challenger that has the provider answer for its trace. */
export interface Inquiry {
  /** Unix seconds of the answer that uncovered a chunk: what its inquirer shows counts from just before; zero until then. */
  readonly uncoveredAt: number;
  /** Unix seconds at which whoever's turn it is has lost. */
  readonly deadline: number;
  readonly turn: Turn;
  readonly place: Place;
  readonly height: number;
  /** While the provider owes an answer the hash in question. */
  readonly target: string;
}

/** What the provider answered, and the question that it was asked next. */
export interface Exchange {
  /** Place and height of what the nodes are. */
  readonly place: Place;
  readonly height: number;
  readonly nodes: readonly string[];
  /** Hex. */
  readonly data: string;
  /** Which of the nodes the next question was about; undefined while none was asked. */
  readonly child?: number;
}

/** An inquiry as its events tell it, from its last opening on. */
export interface Dialogue {
  /** Answers so far, in order. */
  readonly exchanges: readonly Exchange[];
  /** Who got the bond; undefined while it is open, or was never opened. */
  readonly bondTo?: string;
}

/** Evidence that convicts. */
export interface Accusation {
  readonly kind: "step" | "trace";
  /** ABI-encoded, hex. */
  readonly evidence: string;
  /** What is wrong, in the words of the program: for people. */
  readonly what: string;
}

/** Chunks of a run's output with what ties them to the trace root; bytes are hex. */
export interface OutputOpening {
  readonly program: { readonly header: string; readonly values: string; readonly nodes: string };
  readonly traceTree: string;
  readonly output: {
    readonly header: string;
    readonly headerSiblings: string[];
    readonly chunkRoot: string;
    readonly siblings: string[];
    readonly chunkIndices: number[];
    readonly chunks: string;
    readonly chunkProof: string[];
  };
}

/** An answer to a question, ready to be sent. */
export interface Reply {
  readonly nodes: readonly string[];
  readonly data: string;
}

/** What an inquirer does next. */
export type Move =
  | { readonly ask: number; readonly nodes: readonly string[] }
  | { readonly accuse: Accusation };
