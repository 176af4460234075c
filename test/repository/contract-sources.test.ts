import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const contracts = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "contracts");

interface Source {
  readonly name: string;
  readonly code: string;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}

/** Code of every contract that is deployed outside of tests. */
const sources: Source[] = readdirSync(contracts, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".sol") && !name.startsWith("mocks"))
  .map((name) => ({ name, code: withoutComments(readFileSync(join(contracts, name), "utf8")) }));

/** Files that mention what `pattern` matches. */
function filesWith(pattern: RegExp): string[] {
  return sources.filter(({ code }) => pattern.test(code)).map(({ name }) => name);
}

/** Functions that only holders of a role may call, as "File.function". */
function restricted(): string[] {
  return sources.flatMap(({ name, code }) =>
    [...code.matchAll(/function (\w+)\([^)]*\)[^{;]*\brestricted\b/g)].map(
      (match) => `${name.replace(/^.*\/|\.sol$/g, "")}.${match[1]}`,
    ),
  );
}

/** All that governance may do, beside replacing code. Whoever adds to it gives governance a new right. */
const RIGHTS = [
  "AttestationGate._authorizeUpgrade",
  "AttestationGate.defineClass",
  "AttestationGate.setAttestor",
  "DisputeStorage.setLane",
  "EpochBeacon._authorizeUpgrade",
  "FeeTreasury.spend",
  "MarketBase._authorizeUpgrade",
  "MarketBase.setNewWorkPaused",
  "MarketBase.setPaymentToken",
  "MarketBase.setTier",
  "ProtocolParameters.set",
  "ProviderRegistry._authorizeUpgrade",
  "ProviderRegistry.connectBeacon",
  "ProviderRegistry.setJailed",
  "ProviderRegistry.setStakeModule",
  "VerifierRouter._authorizeUpgrade",
  "VerifierRouter.markReviewed",
  "VerifierRouter.stop",
];

describe("contract sources", () => {
  it("are found, with their code and without their comments", () => {
    expect(sources.length).to.be.greaterThan(60);
    expect(withoutComments("a; // tx.origin\n/* blockhash(1) */b;")).to.equal("a; \nb;");
  });

  it("never ask who sent the transaction", () => {
    expect(filesWith(/\btx\s*\.\s*origin\b|\borigin\(\)/)).to.deep.equal([]);
  });

  it("take no randomness from blocks, but for the beacon's first seeds, which draw nothing", () => {
    const ofBlocks = /\b(blockhash|blobhash|coinbase|difficulty)\b|\bblock\s*\.\s*prevrandao\b/;
    expect(filesWith(ofBlocks)).to.deep.equal(["randomness/EpochBeacon.sol"]);
    const beacon = sources.find(({ name }) => name === "randomness/EpochBeacon.sol")?.code ?? "";
    expect(beacon.match(/prevrandao/g)).to.have.lengthOf(1);
    expect(beacon).not.to.match(/\b(blockhash|blobhash|coinbase|difficulty)\b/);
  });

  it("check no signature but over the chain's id, itself or in a domain", () => {
    const library = /^libraries\//;
    const checking = filesWith(/SignerCheck\.isValid|Bls12381\.verify\(|ECDSA\./).filter(
      (name) => !library.test(name),
    );
    expect(checking).to.include.members(["market/SignedOrders.sol", "randomness/EpochBeacon.sol"]);
    const bound = filesWith(/block\.chainid|domainSeparator/i);
    expect(checking.filter((name) => !bound.includes(name))).to.deep.equal([]);
    const chain = filesWith(/block\.chainid/);
    expect(filesWith(/"EIP712Domain\(/).filter((name) => !chain.includes(name))).to.deep.equal([]);
  });

  describe("judges", () => {
    it("there are none: governance sets what is listed, and neither settles, slashes nor refunds", () => {
      expect(restricted().sort()).to.deep.equal(RIGHTS);
    });

    it("no contract has an owner, or roles of its own", () => {
      expect(filesWith(/\b(Ownable|onlyOwner|onlyRole|AccessControl)\b/)).to.deep.equal([]);
    });

    it("custody knows no role at all, and nobody can replace its code", () => {
      const custody = ["staking/StakeVault.sol", "market/PaymentEscrow.sol"];
      expect(sources.map(({ name }) => name)).to.include.members(custody);
      const roles =
        /\brestricted\b|AccessManage|UUPSUpgradeable|Initializable|delegatecall|selfdestruct/;
      expect(custody.filter((name) => filesWith(roles).includes(name))).to.deep.equal([]);
    });
  });
});
