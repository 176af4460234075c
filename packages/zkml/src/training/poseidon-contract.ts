import { poseidonContract } from "circomlibjs";

/** Elements that one call hashes. */
const INPUTS = 3;

const ELEMENTS = { internalType: "bytes32[3]", name: "input", type: "bytes32[3]" };
const HASH = { internalType: "bytes32", name: "", type: "bytes32" };

/**
 * Creation code and interface of a contract that hashes three field elements as circuits do. The code is generated
 * from the constants of circomlib's hash, without a compiler, so it is the same everywhere.
 */
export function poseidonContractArtifact() {
  return {
    contractName: "PoseidonOfThree",
    sourceName: "circomlibjs/poseidon_gencontract.js",
    abi: [
      {
        type: "function",
        name: "poseidon",
        stateMutability: "pure",
        inputs: [ELEMENTS],
        outputs: [HASH],
      },
    ],
    bytecode: poseidonContract.createCode(INPUTS),
  };
}
