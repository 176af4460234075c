import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";

type Argument = Parameters<IgnitionModuleBuilder["call"]>[2] extends (infer T)[] | undefined
  ? T
  : never;

/** Deploys an implementation and an ERC-1967 proxy that is initialised in its constructor, so nobody can be first. */
export function deployProxied(
  m: IgnitionModuleBuilder,
  name: string,
  constructorArguments: Argument[],
  initializeArguments: Argument[],
) {
  const implementation = m.contract(name, constructorArguments, { id: `${name}Implementation` });
  const initialize = m.encodeFunctionCall(implementation, "initialize", initializeArguments);
  const proxy = m.contract("ERC1967Proxy", [implementation, initialize], { id: `${name}Proxy` });
  return m.contractAt(name, proxy, { id: name });
}
