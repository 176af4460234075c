import { solidityPackedKeccak256 } from "ethers";

/** What is called of the Ethereum Attestation Service (EAS), with the errors that such calls can meet. */
export const ABI = [
  "function attest(tuple(bytes32 schema, tuple(address recipient, uint64 expirationTime, bool revocable, bytes32 refUID, bytes data, uint256 value) data) request) payable returns (bytes32)",
  "function revoke(tuple(bytes32 schema, tuple(bytes32 uid, uint256 value) data) request) payable",
  "function getAttestation(bytes32 uid) view returns (tuple(bytes32 uid, bytes32 schema, uint64 time, uint64 expirationTime, uint64 revocationTime, bytes32 refUID, address recipient, address attester, bool revocable, bytes data))",
  "function getSchemaRegistry() view returns (address)",
  "event Attested(address indexed recipient, address indexed attester, bytes32 uid, bytes32 indexed schemaUID)",
  "event Revoked(address indexed recipient, address indexed attester, bytes32 uid, bytes32 indexed schemaUID)",
  "error AccessDenied()",
  "error AlreadyRevoked()",
  "error InvalidExpirationTime()",
  "error InvalidSchema()",
  "error Irrevocable()",
  "error NotFound()",
] as const;

/** What is called of EAS's registry of schemas. */
export const SCHEMA_REGISTRY_ABI = [
  "function register(string schema, address resolver, bool revocable) returns (bytes32)",
  "function getSchema(bytes32 uid) view returns (tuple(bytes32 uid, address resolver, bool revocable, string schema))",
  "error AlreadyExists()",
] as const;

/** Id that EAS gives to a schema. */
export function schemaUid(schema: string, resolver: string, revocable: boolean): string {
  return solidityPackedKeccak256(["string", "address", "bool"], [schema, resolver, revocable]);
}
