import { type AstNode, nodesOf } from "../solc/ast.ts";
import {
  analyse,
  type SolcOutput,
  type SolcType,
  type SolcVariable,
  type Sources,
} from "../solc/compile.ts";
import { type Namespace, namespaceSlot, namespacesOf, slotFaults } from "./namespaces.ts";

/** A place in storage, counted from the first slot of its namespace or struct. */
export type Variable = SolcVariable;

export interface NamedType {
  readonly label: string;
  readonly numberOfBytes: string;
  /** Variables of a struct, names of an enum. */
  readonly members?: readonly Variable[] | readonly string[];
}

/** Where an upgradeable contract keeps its state. Types are named, without the compiler's numbers. */
export interface Layout {
  readonly contract: string;
  readonly namespaces: Readonly<
    Record<string, { readonly slot: string; readonly variables: readonly Variable[] }>
  >;
  readonly types: Readonly<Record<string, NamedType>>;
}

export interface Extraction {
  readonly layouts: readonly Layout[];
  /** State outside of namespaces and slots that are not ERC-7201's, one line each. */
  readonly faults: readonly string[];
}

interface Upgradeable {
  readonly name: string;
  readonly file: string;
  readonly bases: readonly number[];
  /** Files that its file imports, directly or through others. */
  readonly reachable: ReadonlySet<string>;
}

const PROBES = "storage-layout-probes.sol";

/**
 * Layouts of every contract among `roots` that can be deployed and upgraded. solc reports the layout of state
 * variables only, so a probe contract that nothing deploys declares one variable per namespace.
 */
export function extractLayouts(sources: Sources): Extraction {
  const output = analyse(sources, { "": ["ast"], "*": ["storageLayout"] });
  const own: SolcOutput = {
    sources: Object.fromEntries(Object.entries(output.sources).filter(([file]) => file in sources)),
  };
  const namespaces = namespacesOf(output);
  const upgradeables = upgradeablesOf(output, sources);
  const faults = [
    ...slotFaults(own, namespaces),
    ...sharedIds(namespaces),
    ...upgradeables.flatMap((each) => plainState(output, each)),
  ];
  const plans = upgradeables.map((upgradeable) => ({
    upgradeable,
    namespaces: namespaces.filter((each) => belongsTo(each, upgradeable)),
  }));
  const probed = analyse(
    { ...sources, [PROBES]: probeSource(plans) },
    {
      "": ["ast"],
      "*": ["storageLayout"],
    },
  );
  return { layouts: plans.map((plan) => readProbe(probed, plan)), faults };
}

/** A struct in a contract belongs to those that inherit it; one outside, to those whose file reaches it. */
function belongsTo({ file, declaredBy }: Namespace, { bases, reachable }: Upgradeable): boolean {
  return declaredBy === undefined ? reachable.has(file) : bases.includes(declaredBy);
}

function upgradeablesOf({ sources }: SolcOutput, roots: Sources): Upgradeable[] {
  const contracts = Object.entries(sources).flatMap(([file, { ast }]) =>
    nodesOf(ast, "ContractDefinition").map((node) => ({ file, node })),
  );
  const uups = contracts.find(({ node }) => node.name === "UUPSUpgradeable")?.node.id;
  return contracts
    .filter(({ file, node }) => {
      const bases = node.linearizedBaseContracts as number[];
      return file in roots && !node.abstract && uups !== undefined && bases.includes(uups);
    })
    .map(({ file, node }) => ({
      name: String(node.name),
      file,
      bases: node.linearizedBaseContracts as number[],
      reachable: reachableFrom(file, sources),
    }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function reachableFrom(file: string, sources: SolcOutput["sources"]): ReadonlySet<string> {
  const reached = new Set([file]);
  for (const each of reached) {
    for (const node of nodesOf(sources[each]?.ast, "ImportDirective")) {
      reached.add(String(node.absolutePath));
    }
  }
  return reached;
}

/** Two structs under one id would lie over each other. */
function sharedIds(namespaces: readonly Namespace[]): string[] {
  return namespaces
    .filter(({ id }, index) => namespaces.findIndex((each) => each.id === id) < index)
    .map(({ id, file, struct }) => `${file}: ${struct} takes the namespace ${id} a second time.`);
}

function plainState({ contracts }: SolcOutput, { file, name }: Upgradeable): string[] {
  return (contracts?.[file]?.[name]?.storageLayout?.storage ?? []).map(
    ({ label, slot }) =>
      `${file}: ${name} keeps "${label}" in slot ${slot}, outside of any namespace. Move it into a struct with "@custom:storage-location erc7201:…".`,
  );
}

interface Plan {
  readonly upgradeable: Upgradeable;
  readonly namespaces: readonly Namespace[];
}

const probeName = ({ name }: Upgradeable) => `Probe${name}`;

function probeSource(plans: readonly Plan[]): string {
  const used = new Map(
    plans.flatMap(({ namespaces }) => namespaces).map((each) => [each.id, each]),
  );
  const imported = new Map([...used.values()].map((each, index) => [each.id, `Import${index}`]));
  const imports = [...used.values()].map(
    ({ id, file, struct }) =>
      `import {${struct.split(".")[0]} as ${imported.get(id)}} from "${file}";`,
  );
  const probes = plans.map(({ upgradeable, namespaces }) => {
    const variables = namespaces.map(({ id, struct }, index) => {
      const path = [imported.get(id), ...struct.split(".").slice(1)].join(".");
      return `${path} private namespace${index};`;
    });
    return `contract ${probeName(upgradeable)} { ${variables.join(" ")} }`;
  });
  return ["pragma solidity ^0.8.0;", ...imports, ...probes].join("\n");
}

function readProbe(output: SolcOutput, { upgradeable, namespaces }: Plan): Layout {
  const { storage = [], types = {} } =
    output.contracts?.[PROBES]?.[probeName(upgradeable)]?.storageLayout ?? {};
  const definitions = new Map(
    nodesOf(
      Object.values(output.sources).map(({ ast }) => ast),
      "StructDefinition",
      "EnumDefinition",
      "ContractDefinition",
      "UserDefinedValueTypeDefinition",
    ).map((node) => [node.id, node]),
  );
  const structs = new Set(storage.map(({ type }) => type));
  const membersOf = (index: number) =>
    (types?.[storage[index]?.type ?? ""]?.members ?? []).map((each) => stable(each, definitions));
  return {
    contract: `${upgradeable.file}:${upgradeable.name}`,
    namespaces: Object.fromEntries(
      namespaces
        .map(
          ({ id }, index) =>
            [id, { slot: namespaceSlot(id), variables: membersOf(index) }] as const,
        )
        .sort(([left], [right]) => (left < right ? -1 : 1)),
    ),
    types: stableTypes(
      Object.entries(types ?? {}).filter(([id]) => !structs.has(id)),
      definitions,
    ),
  };
}

type Definitions = ReadonlyMap<number, AstNode>;

/** The compiler numbers what it names, `t_struct(Job)123_storage`; the full name takes the number's place. */
function stableId(id: string, definitions: Definitions): string {
  const named =
    /(t_struct|t_enum|t_contract|t_userDefinedValueType)\(([\w$]+)\)(\d+)(?:_(storage))?/g;
  return id.replace(named, (_, kind, name, number, place = "") => {
    const node = definitions.get(Number(number));
    return `${kind}(${node?.canonicalName ?? name})${place}`;
  });
}

function stable({ label, offset, slot, type }: SolcVariable, definitions: Definitions): Variable {
  return { slot, offset, type: stableId(type, definitions), label };
}

function stableTypes(types: [string, SolcType][], definitions: Definitions): Layout["types"] {
  const named = types.map(([id, { label, numberOfBytes, members }]) => {
    const values = id.startsWith("t_enum(") ? enumMembers(id, definitions) : undefined;
    const variables = members?.map((member) => stable(member, definitions)) ?? values;
    return [
      stableId(id, definitions),
      { label, numberOfBytes, ...(variables && { members: variables }) },
    ] as const;
  });
  return Object.fromEntries(named.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function enumMembers(id: string, definitions: Definitions): string[] {
  const node = definitions.get(Number(/\)(\d+)$/.exec(id)?.[1]));
  return ((node?.members ?? []) as AstNode[]).map(({ name }) => String(name));
}
