import { readFile } from "node:fs/promises";
import { attestation, chainTime } from "@lattice/sdk";
import { isHexString, keccak256, ZeroHash } from "ethers";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { iso, parseAddress, parseCount } from "../support/format.ts";
import { required, wrongUse } from "../support/guard.ts";
import { mask, maskText, TIERS } from "../support/masks.ts";
import { print } from "../support/output.ts";
import { mined } from "../support/proposals.ts";

interface AttestArguments {
  provider: string;
  accelerators: string;
  executionProviders: string;
  memoryMib: string;
  maxTensorMib: string;
  tiers: string;
  evidence: string;
  days: string;
  present: boolean;
  revoke: boolean;
  report: boolean;
  show: boolean;
  class: string;
  uid: string;
  addresses: string;
  from: string;
  json: boolean;
}

type Row = [label: string, value: string];

const MIB = 1n << 20n;
const DAY_SECONDS = 86_400;
const { ACCELERATORS, EXECUTION_PROVIDERS } = attestation;

const sentRow = ({ transaction, gasUsed }: ReturnType<typeof mined>): Row => [
  "transaction",
  `${transaction} (gas ${gasUsed})`,
];

function capabilityRows(has: attestation.AttestedCapabilities): Row[] {
  return [
    ["  accelerators", maskText(has.accelerator, ACCELERATORS)],
    ["  runtimes", maskText(has.executionProviders, EXECUTION_PROVIDERS)],
    ["  memory", `${has.memoryMiB} MiB, tensors of ${has.maxTensorBytes} bytes at most`],
    ["  tiers", maskText(has.tiers, TIERS)],
    ["  evidence", has.evidence === ZeroHash ? "none" : has.evidence],
  ];
}

function uidOf({ uid }: AttestArguments): string {
  const given = required("uid", uid);
  if (isHexString(given, 32)) return given.toLowerCase();
  throw wrongUse(`--uid ${given} is not a 32-byte id`);
}

function classOf(args: AttestArguments): number {
  const classId = parseCount("class", required("class", args.class));
  if (classId > 0 && classId < 2 ** 16) return classId;
  throw wrongUse(`--class ${classId} is not between 1 and 65535`);
}

async function evidenceOf(file: string): Promise<string> {
  try {
    return keccak256(await readFile(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrongUse(`cannot read the evidence ${file} (${code ?? "unknown"}); check the path`);
  }
}

/** What the attestor says, and for the rest what the provider declared. */
async function capabilitiesOf(
  args: AttestArguments,
  { connection, path }: TaskContext,
  provider: string,
): Promise<attestation.AttestedCapabilities> {
  const { registered, capabilities } = await connection.lattice.registry.providerOf(provider);
  if (!registered) throw wrongUse(`${provider} is not registered as a provider`);
  const { accelerators, executionProviders, memoryMib, maxTensorMib, tiers, evidence } = args;
  return {
    accelerator: accelerators
      ? mask("accelerators", accelerators, ACCELERATORS)
      : Number(capabilities.accelerator),
    executionProviders: mask("execution-providers", executionProviders, EXECUTION_PROVIDERS),
    memoryMiB: memoryMib ? parseCount("memory-mib", memoryMib) : Number(capabilities.memoryMiB),
    maxTensorBytes: maxTensorMib
      ? BigInt(parseCount("max-tensor-mib", maxTensorMib)) * MIB
      : capabilities.maxTensorBytes,
    tiers: tiers ? mask("tiers", tiers, TIERS) : Number(capabilities.tiers),
    evidence: evidence ? await evidenceOf(path(evidence)) : ZeroHash,
  };
}

async function attest(args: AttestArguments, context: TaskContext): Promise<void> {
  const { connection, account } = context;
  const { lattice } = connection;
  const provider = parseAddress("provider", required("provider", args.provider));
  const days = parseCount("days", args.days);
  if (days === 0) throw wrongUse("--days 0 would end at once");
  const capabilities = await capabilitiesOf(args, context, provider);
  const expiresAt = (await chainTime(lattice)) + days * DAY_SECONDS;
  const trusted = await lattice.gate.isTrusted(account);
  const request = attestation.attestationRequest({ provider, expiresAt, capabilities });
  const { uid, receipt } = await attestation.attest(lattice, request);
  const sent = mined(receipt);
  const record = { uid, provider, attestor: account, trusted, expiresAt, capabilities };
  print(args.json, { ...record, ...sent }, [
    ["attestation", uid],
    ["about", provider],
    [
      "attestor",
      `${account}${trusted ? "" : ", whom governance does not trust: it gives no class"}`,
    ],
    ["until", iso(expiresAt)],
    ...capabilityRows(capabilities),
    sentRow(sent),
  ]);
}

async function present(args: AttestArguments, { connection, account }: TaskContext) {
  const { gate } = connection.lattice;
  const [classId, uid] = [classOf(args), uidOf(args)];
  const sent = mined(await (await gate.present(classId, uid)).wait());
  const { attestor, expiresAt } = await gate.heldOf(account, classId);
  print(args.json, { provider: account, classId, uid, attestor, expiresAt, ...sent }, [
    ["provider", account],
    ["holds", `class ${classId} until ${iso(expiresAt)}`],
    ["by", `${uid} of ${attestor}`],
    sentRow(sent),
  ]);
}

async function revoke(args: AttestArguments, { connection, account }: TaskContext) {
  const uid = uidOf(args);
  const { recipient } = await attestation.readAttestation(connection.lattice, uid);
  const sent = mined(await attestation.revoke(connection.lattice, uid));
  print(args.json, { uid, provider: recipient, attestor: account, ...sent }, [
    ["revoked", uid],
    ["about", recipient],
    ["it counts", "no longer once it is reported (--report)"],
    sentRow(sent),
  ]);
}

async function report(args: AttestArguments, { connection }: TaskContext) {
  const { gate, registry } = connection.lattice;
  const provider = parseAddress("provider", required("provider", args.provider));
  const classId = classOf(args);
  const sent = mined(await (await gate.reportRevoked(provider, classId)).wait());
  const { jailed } = await registry.providerOf(provider);
  print(args.json, { provider, classId, jailed, ...sent }, [
    ["provider", `${provider}, ${jailed ? "jailed" : "not jailed"}`],
    ["lost", `class ${classId}`],
    sentRow(sent),
  ]);
}

function standing({ holds, revokedAt }: attestation.AttestedClass): string {
  if (revokedAt > 0) return `, revoked at ${iso(revokedAt)}`;
  return holds ? "" : ", counts no longer";
}

async function show(args: AttestArguments, { connection, account }: TaskContext): Promise<void> {
  const provider = args.provider ? parseAddress("provider", args.provider) : account;
  const classes = await attestation.readAttestedClasses(connection.lattice, provider);
  print(args.json, { provider, classes }, [
    ["provider", provider],
    ["classes", `${classes.length}, attested and not proven`],
    ...classes.flatMap((found): Row[] => [
      [`class ${found.classId}`, `until ${iso(found.expiresAt)}${standing(found)}`],
      ["  by", `${found.uid} of ${found.attestor}`],
      ...capabilityRows(found.capabilities),
    ]),
  ]);
}

const ACTIONS = { present, revoke, report, show } as const;

async function act(args: AttestArguments, context: TaskContext): Promise<void> {
  const names = (["present", "revoke", "report", "show"] as const).filter((name) => args[name]);
  const [name, other] = names;
  if (other) throw wrongUse(`--${name} and --${other} are two commands; run one after the other`);
  await (name ? ACTIONS[name] : attest)(args, context);
}

/** Runs `npx hardhat provider:attest`. */
export default contextTask("provider:attest", act);
