import { RECEIPT_TYPES, type Receipt, receiptDomain } from "@lattice/sdk";
import type { HardhatEthersSigner as Signer } from "@nomicfoundation/hardhat-ethers/types";
import { id, parseEther, type TypedDataDomain } from "ethers";
import { deployLane, type Key } from "./settlement-lane.ts";
import type { Chain } from "./system.ts";

/** Slashed by the tests' parameters, and the reporter's share. */
export const EQUIVOCATION_SLASH = parseEther("200");
export const EQUIVOCATION_BOUNTY = parseEther("20");

/** The lane of `deployLane`, and an Equivocation that may seize stake. */
export async function deployEquivocation(chain: Chain) {
  const { ethers } = chain;
  const system = await deployLane(chain);
  const { registry, equivocation, settlement, actors } = system;
  const { chainId } = await ethers.provider.getNetwork();
  const market = await settlement.getAddress();
  const domain = receiptDomain(chainId, await equivocation.getAddress());
  const subject = id("order");
  /** The provider's word that `output` is the result of the order. */
  const state = async (
    output: string,
    signer: Key = actors.ada,
    changes: Partial<Receipt> = {},
    other: TypedDataDomain = {},
  ) => {
    const receipt = { market, subject, outputCommitment: id(output), ...changes };
    const signature = await signer.signTypedData({ ...domain, ...other }, RECEIPT_TYPES, receipt);
    return { outputCommitment: id(output), signature };
  };
  /** Reports Ada for two results of the order named `order`. */
  const reportAda = async (reporter: Signer, order = "order") => {
    const about = { subject: id(order) };
    const statements = [
      await state("one", actors.ada, about),
      await state("two", actors.ada, about),
    ] as const;
    return equivocation.connect(reporter).report(actors.ada, market, about.subject, ...statements);
  };
  /** Ada changes where her earnings go, and nothing else. */
  const declarePayout = async (payout: string) => {
    const { endpoint, capabilities } = await registry.providerOf(actors.ada);
    const { accelerator, memoryMiB, maxTensorBytes, tiers, maxCollateral } = capabilities;
    const same = { accelerator, memoryMiB, maxTensorBytes, tiers, maxCollateral };
    await registry.connect(actors.ada).update(endpoint, payout, same);
  };
  return { system, equivocation, market, domain, subject, state, reportAda, declarePayout };
}
