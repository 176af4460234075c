import type { Signer } from "ethers";
import type {
  ContractCall,
  Submission,
  SubmitOptions,
  Submitter,
} from "../../core/ports/transactions.ts";
import { NodeError } from "../../shared/errors.ts";
import { chainFailure } from "./failures.ts";
import { toReceipt } from "./transactions.ts";

/**
 * Sends through an ethers signer, one call at a time, with whatever nonce and fees it chooses: for
 * commands that a person runs. A process that serves jobs uses `SubmitterService`.
 */
export class SignerSubmitter implements Submitter {
  readonly #signer: Signer;
  readonly address: string;

  private constructor(signer: Signer, address: string) {
    this.#signer = signer;
    this.address = address;
  }

  static async create(signer: Signer): Promise<SignerSubmitter> {
    return new SignerSubmitter(signer, await signer.getAddress());
  }

  async submit(call: ContractCall, { isDone }: SubmitOptions = {}): Promise<Submission> {
    try {
      const sent = await this.#signer.sendTransaction({ to: call.to, data: call.data });
      const receipt = await sent.wait();
      if (!receipt) throw new NodeError("TRANSACTION_STUCK", `${call.label} was not mined`);
      return { outcome: "landed", receipt: toReceipt(receipt) };
    } catch (error) {
      if (isDone && (await isDone())) return { outcome: "alreadyDone" };
      throw chainFailure(error, call.label, "");
    }
  }
}
