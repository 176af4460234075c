import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { circuitOf, requireDisputable, singleTensors } from "@lattice/node";
import { Tier } from "@lattice/sdk";
import { type LoadedModel, loadModel } from "@lattice/zkml";
import { getAddress, isAddress, ZeroAddress, ZeroHash } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { artifactStore, cidOf } from "../support/artifacts.ts";
import { openContext, type TaskContext } from "../support/context.ts";
import { parseCount } from "../support/format.ts";
import { guarded, required, wrongUse } from "../support/guard.ts";
import { mask, maskText, TIERS } from "../support/masks.ts";
import { print } from "../support/output.ts";
import { ensureVerifier } from "../support/verifier.ts";

interface PublishArguments {
  onnx: string;
  tiers: string;
  verifier: string;
  royaltyPpm: string;
  royaltyRecipient: string;
  attestedClass: string;
  profile: string;
  uri: string;
  addresses: string;
  from: string;
  artifacts: string;
  buildDir: string;
  json: boolean;
}

function royaltyOf({ royaltyPpm, royaltyRecipient }: PublishArguments, account: string) {
  if (!/^\d{1,7}$/.test(royaltyPpm)) {
    throw wrongUse(`--royalty-ppm ${royaltyPpm} is not a number of millionths`);
  }
  const recipient = royaltyRecipient || account;
  if (!isAddress(recipient)) {
    throw wrongUse(`--royalty-recipient ${recipient} is not an address`);
  }
  return { royaltyPpm: BigInt(royaltyPpm), royaltyRecipient: getAddress(recipient) };
}

/** @throws NodeError USAGE for a class that governance has not defined: nobody could hold it. */
async function classOf({ attestedClass }: PublishArguments, { connection }: TaskContext) {
  const id = parseCount("attested-class", attestedClass);
  if (id === 0) return 0;
  if (id > 0xffff)
    throw wrongUse(`--attested-class ${id} is above 65535, the largest there can be`);
  const { accelerator, executionProviders, memoryMiB, maxTensorBytes, tiers } =
    await connection.lattice.gate.classOf(id);
  const isDefined = [accelerator, executionProviders, memoryMiB, maxTensorBytes, tiers].some(
    (minimum) => minimum > 0n,
  );
  if (isDefined) return id;
  throw wrongUse(`there is no attested class ${id}; governance defines them (AttestationGate)`);
}

async function profileDigest(file: string): Promise<string> {
  if (file === "") return ZeroHash;
  try {
    return `0x${createHash("sha256")
      .update(await readFile(file))
      .digest("hex")}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrongUse(`cannot read the profile ${file} (${code ?? "unknown"}); check the path`);
  }
}

/** Bit mask of the tiers that orders may ask for. @throws NodeError MODEL_UNKNOWN for one that the model cannot have. */
function tiersOf({ tiers: text }: PublishArguments, model: LoadedModel): number {
  const tiers = mask("tiers", text, TIERS);
  if ((tiers & TIERS.optimistic) !== 0) requireDisputable(model);
  return tiers;
}

const NO_VERIFIER = { address: ZeroAddress, selector: "0x00000000", origin: "none" } as const;

async function verifierOf(
  { verifier, buildDir }: PublishArguments,
  tiers: number,
  model: LoadedModel,
  { connection, signer, path }: TaskContext,
) {
  if ((tiers & (1 << Tier.Zk)) === 0) return NO_VERIFIER;
  const build = () => circuitOf(model, path(buildDir), new AbortController().signal);
  return await ensureVerifier(verifier, connection, model, build, signer);
}

async function publishModel(args: PublishArguments, context: TaskContext): Promise<void> {
  const { connection, account, path } = context;
  const { models } = connection.lattice;
  const royalty = royaltyOf(args, account);
  const attestedClass = await classOf(args, context);
  const quantisationDigest = await profileDigest(args.profile && path(args.profile));
  const model = await loadModel(path(required("onnx", args.onnx)));
  singleTensors(model);
  const tiers = tiersOf(args, model);
  const artifactDigest = await artifactStore(context, args.artifacts).put(model.bytes);
  const verifier = await verifierOf(args, tiers, model, context);
  const version = {
    artifactDigest,
    programRoot: model.programRoot,
    weightsRoot: model.weightsRoot,
    quantisationDigest,
    ...royalty,
    verifierSelector: verifier.selector,
    tiers,
    attestedClass,
  };
  const id = await models.versionIdOf(account, version);
  const uri = args.uri || `ipfs://${cidOf(artifactDigest)}`;
  const published = BigInt(await models.publisherOf(id)) !== 0n;
  const receipt = published ? null : await (await models.publish(version, uri)).wait();
  const transaction = receipt?.hash ?? null;
  const gasUsed = receipt?.gasUsed ?? null;
  print(
    args.json,
    { modelVersion: id, publisher: account, ...version, uri, verifier, transaction, gasUsed },
    [
      ["model version", id],
      ["artifact", `${artifactDigest} (${model.bytes.byteLength} bytes)`],
      ["tiers", maskText(tiers, TIERS)],
      ["verifier", verifier === NO_VERIFIER ? "none" : `${verifier.address}, ${verifier.origin}`],
      ["royalty", `${royalty.royaltyPpm} ppm to ${royalty.royaltyRecipient}`],
      ["transaction", transaction ? `${transaction} (gas ${gasUsed})` : "none: published before"],
    ],
  );
}

/** Runs `npx hardhat model:publish`. */
export default guarded(
  "model:publish",
  async (args: PublishArguments, hre: HardhatRuntimeEnvironment) => {
    const context = await openContext(hre, args);
    try {
      await publishModel(args, context);
    } finally {
      await context.close();
    }
  },
);
