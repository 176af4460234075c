import type { Lattice } from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { parseEther } from "ethers";
import { openTaskChain, type TaskChain } from "./task-chain.ts";

export const VOTES = parseEther("60000000");
export const MINORITY_VOTES = parseEther("30000000");

/** A chain for tasks where `voter` can pass what `minority` alone cannot; nobody has delegated yet. */
export interface VotingChain {
  readonly chain: TaskChain;
  /** The deployer's client; it holds the rest of all LAT. */
  readonly lattice: Lattice;
  readonly deployer: HardhatEthersSigner;
  readonly voter: HardhatEthersSigner;
  readonly minority: HardhatEthersSigner;
  /** Holds nothing. */
  readonly grantee: HardhatEthersSigner;
}

export async function openVotingChain(): Promise<VotingChain> {
  const chain = await openTaskChain();
  const [deployer, voter, minority, grantee] = chain.signers;
  if (!deployer || !voter || !minority || !grantee) throw new Error("the node has few accounts");
  const lattice = chain.as(deployer);
  await (await lattice.token.transfer(voter.address, VOTES)).wait();
  await (await lattice.token.transfer(minority.address, MINORITY_VOTES)).wait();
  return { chain, lattice, deployer, voter, minority, grantee };
}

/** Delegates the votes of both to themselves, and lets the second pass from which they count. */
export async function delegateVotes({ chain, voter, minority }: VotingChain): Promise<void> {
  for (const holder of [voter, minority]) {
    await (await chain.as(holder).token.delegate(holder.address)).wait();
  }
  await chain.passTo((await chain.now()) + 1);
}

/** Unix seconds of a time that a task printed. */
export const seconds = (time: unknown) => Date.parse(String(time)) / 1000;
