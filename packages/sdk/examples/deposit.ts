import { explainError, type Lattice, signPermit, type TypedDataSigner } from "@lattice/sdk";
import type { Signer } from "ethers";

/** Deposits into the escrow in one transaction: a permit stands in for the approval. */
export async function deposit(
  lattice: Lattice,
  owner: Signer & TypedDataSigner,
  amount: bigint,
  deadline: number,
) {
  const { LatticeToken: token, PaymentEscrow: spender } = lattice.addresses.contracts;
  const permit = await signPermit(owner, { token, spender, value: amount, deadline });
  const escrow = lattice.escrow.connect(owner);
  try {
    return await escrow.depositWithPermit(token, amount, deadline, permit.v, permit.r, permit.s);
  } catch (error) {
    // "PaymentEscrowZeroAmount()", say, instead of four bytes of selector.
    const explained = explainError(error);
    throw explained ? new Error(explained.message, { cause: error }) : error;
  }
}
