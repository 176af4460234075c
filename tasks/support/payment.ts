import type { Lattice } from "@lattice/sdk";
import { isError, Signature, type Signer } from "ethers";

const PERMIT_SECONDS = 600;
const PERMIT_TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

type Token = Lattice["token"];

/** What was needed so that the market can lock a payment. */
export interface Funding {
  /** Smallest token unit. */
  readonly deposited: bigint;
  readonly by: "nothing was missing" | "permit" | "allowance";
  readonly marketAllowed: "before" | "now";
}

/** Fields of the token's EIP-712 domain; undefined when it has no permit. */
async function permitDomain(token: Token) {
  try {
    const [{ name, version, chainId, verifyingContract }] = await Promise.all([
      token.eip712Domain(),
      token.DOMAIN_SEPARATOR(),
    ]);
    return { name, version, chainId, verifyingContract };
  } catch (error) {
    // Tokens without EIP-2612 revert, or answer nothing: an allowance serves them as well.
    if (isError(error, "CALL_EXCEPTION") || isError(error, "BAD_DATA")) return undefined;
    throw error;
  }
}

async function deposit(
  { escrow }: Lattice,
  token: Token,
  signer: Signer,
  amount: bigint,
): Promise<"permit" | "allowance"> {
  const owner = await signer.getAddress();
  const spender = await escrow.getAddress();
  const address = await token.getAddress();
  const domain = await permitDomain(token);
  if (domain && (await token.allowance(owner, spender)) < amount) {
    const nonce = await token.nonces(owner);
    const latest = await signer.provider?.getBlock("latest");
    const now = Math.max(latest?.timestamp ?? 0, Math.floor(Date.now() / 1000));
    const deadline = BigInt(now + PERMIT_SECONDS);
    const message = { owner, spender, value: amount, nonce, deadline };
    const { v, r, s } = Signature.from(await signer.signTypedData(domain, PERMIT_TYPES, message));
    await (await escrow.depositWithPermit(address, amount, deadline, v, r, s)).wait();
    return "permit";
  }
  if ((await token.allowance(owner, spender)) < amount) {
    await (await token.approve(spender, amount)).wait();
  }
  await (await escrow.deposit(address, owner, amount)).wait();
  return "allowance";
}

/**
 * Makes sure that the account's deposit covers `amount` and that the market may lock it.
 * @param amount Smallest token unit.
 * @param market The lane that locks; default: JobMarket.
 * @throws Error naming what is missing when the account holds too little.
 */
export async function ensureFunding(
  lattice: Lattice,
  tokenAddress: string,
  signer: Signer,
  amount: bigint,
  market = lattice.addresses.contracts.JobMarket,
): Promise<Funding> {
  const { escrow } = lattice;
  const owner = await signer.getAddress();
  const token = lattice.token.attach(tokenAddress) as Token;
  const account = await escrow.accountOf(owner, tokenAddress);
  const missing = account.deposit < amount ? amount - account.deposit : 0n;
  const balance = missing > 0n ? await token.balanceOf(owner) : 0n;
  if (balance < missing) {
    throw new Error(
      `the account ${owner} must deposit ${missing} of token ${tokenAddress} (smallest unit) but holds ${balance}; send it tokens, or pay less`,
    );
  }
  const by = missing > 0n ? await deposit(lattice, token, signer, missing) : "nothing was missing";
  const allowed = await escrow.isMarketAllowed(owner, market);
  if (!allowed) await (await escrow.setMarket(market, true)).wait();
  return { deposited: missing, by, marketAllowed: allowed ? "before" : "now" };
}
