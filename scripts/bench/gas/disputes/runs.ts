import {
  type CommittedModel,
  type CommittedTrace,
  findFault,
  type StepEvidence,
} from "@lattice/zkml";
import { hexlify, id } from "ethers";
import { runOf, withLie } from "../../../../test/helpers/disputes/runs.ts";
import { ASK, type Place } from "../place.ts";
import type { MeasuredModel } from "./models.ts";

/** A run of a published model, and a trace of it with one element that is not what its node computes. */
export interface DisputedRun {
  readonly modelVersion: string;
  readonly model: CommittedModel;
  readonly honest: CommittedTrace;
  readonly lie: CommittedTrace;
  readonly inputRoot: string;
  readonly outputRoot: string;
  readonly evidence: StepEvidence;
}

/** Publishes the model, has Ada offer it, and finds the lie's fault as a watcher does. */
export async function disputedRun(
  place: Place,
  name: string,
  { graph, input, node, element }: MeasuredModel,
): Promise<DisputedRun> {
  const { model, trace: honest } = runOf(graph, input);
  const { program } = model;
  const lie = withLie(honest, program.inputs + node, element);
  const fault = findFault(model, honest, lie);
  if (fault?.kind !== "step" || fault.at.node !== node || fault.at.element !== element) {
    throw new Error(`The lie in ${name} was not found where it is.`);
  }
  return {
    modelVersion: await publish(place, name, model),
    model,
    honest,
    lie,
    inputRoot: rootAt(honest, 0),
    outputRoot: rootAt(lie, lie.tensors.length - 1),
    evidence: fault.evidence,
  };
}

export function rootAt({ tensors }: CommittedTrace, entry: number): string {
  const tensor = tensors[entry];
  if (!tensor) throw new Error(`The trace has no tensor ${entry}.`);
  return hexlify(tensor.root);
}

async function publish(
  { models, registry, token, actors, selector }: Place,
  name: string,
  { program, constants }: CommittedModel,
): Promise<string> {
  const version = {
    artifactDigest: id(`artifact of ${name}`),
    programRoot: program.root,
    weightsRoot: constants.root,
    quantisationDigest: id("quantisation"),
    royaltyRecipient: actors.royaltyRecipient.address,
    royaltyPpm: 30_000n,
    verifierSelector: selector,
    tiers: 3n,
    attestedClass: 0n,
  };
  await models.connect(actors.publisher).publish(version, "ipfs://model");
  const modelVersion = await models.versionIdOf(actors.publisher, version);
  await registry.connect(actors.ada).setOffer(modelVersion, token, ASK);
  return modelVersion;
}
