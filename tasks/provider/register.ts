import { totalmem } from "node:os";
import {
  countsFrom,
  createLogger,
  ensureBeaconSeed,
  loadBeaconSigner,
  type NodeEvent,
  type RegistrarOptions,
  RegistrarService,
  registryAdapter,
  SignerSubmitter,
} from "@lattice/node";
import { attestation } from "@lattice/sdk";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, parseAddress, parseAmount, parseCount } from "../support/format.ts";
import { required } from "../support/guard.ts";
import { mask, TIERS } from "../support/masks.ts";
import { print } from "../support/output.ts";

interface RegisterArguments {
  endpoint: string;
  blsKeyFile: string;
  stake: string;
  payout: string;
  accelerators: string;
  memoryMib: string;
  maxTensorMib: string;
  tiers: string;
  maxCollateral: string;
  addresses: string;
  from: string;
  json: boolean;
}

const MIB = 2 ** 20;
function registrarOptions(args: RegisterArguments): RegistrarOptions {
  const { memoryMib, stake, payout } = args;
  return {
    stake: stake === "" ? undefined : parseAmount("stake", stake),
    endpoint: required("endpoint", args.endpoint),
    payout: payout === "" ? undefined : parseAddress("payout", payout),
    capabilities: {
      accelerator: mask("accelerators", args.accelerators, attestation.ACCELERATORS),
      memoryMiB:
        memoryMib === "" ? Math.floor(totalmem() / MIB) : parseCount("memory-mib", memoryMib),
      maxTensorBytes: BigInt(parseCount("max-tensor-mib", args.maxTensorMib)) * BigInt(MIB),
      tiers: mask("tiers", args.tiers, TIERS),
      maxCollateral: parseAmount("max-collateral", args.maxCollateral),
    },
  };
}

async function register(args: RegisterArguments, context: TaskContext): Promise<void> {
  const { connection, signer, account, path } = context;
  const options = registrarOptions(args);
  const file = path(required("bls-key-file", args.blsKeyFile));
  const keyFile = await ensureBeaconSeed(file);
  const beaconKey = await loadBeaconSigner({ file }, process.env);
  const registry = registryAdapter(connection);
  const before = await registry.registration(account);
  const events: NodeEvent[] = [];
  const registrar = new RegistrarService(options, {
    registry,
    signer: beaconKey,
    submitter: await SignerSubmitter.create(signer),
    countsFrom: () => countsFrom(connection),
    emit: (event) => events.push(event),
    logger: createLogger("warn"),
  });
  const stake = await registrar.join();
  const { payout, endpoint, capabilities, blsKeyHash } = await registry.registration(account);
  const fromEpoch = await countsFrom(connection);
  const wasRegistered = before.registered;
  const key = { file, origin: keyFile, hash: blsKeyHash };
  const record = { provider: account, wasRegistered, endpoint, payout, capabilities, stake };
  print(args.json, { ...record, key, fromEpoch, events }, [
    ["provider", `${account}, ${wasRegistered ? "registered before" : "registered now"}`],
    ["endpoint", endpoint],
    ["payout", payout],
    ["stake", `${amountText(stake)}; its weight counts from epoch ${fromEpoch}`],
    ["beacon key", `${file} (${keyFile}), hash ${blsKeyHash}`],
    ["back it up", "the registered key can never change, and a leader without it is slashed"],
    ...events.flatMap((event): [string, string][] =>
      "transaction" in event ? [[event.event, `${event.transaction}`]] : [],
    ),
  ]);
}

/** Runs `npx hardhat provider:register`. */
export default contextTask("provider:register", register);
