import { ZkmlError } from "../errors/zkml-error.ts";
import type { VerificationKey } from "./verification-key.ts";
import { assertSoundKey } from "./verification-key.ts";
import { DEVELOPMENT_NOTICE, type KeyStatus, requireVerifierName } from "./verifier-name.ts";

/** Public signals of every key that can be batched: context, input commitment, output commitment. */
const PUBLIC_COUNT = 3;

/**
 * Solidity source of the batch verifier of `key`: the key's words around the algorithm in
 * contracts/libraries/Groth16Batch.sol, with one function
 * `verifyBatch(uint256[8][], uint256[3][])`. The same key gives the same bytes.
 * @param contractName an identifier; it must contain "Dev" exactly when the key is for development.
 * @throws ZkmlError KEY_FAILED for a bad name or another number of public signals, KEY_CORRUPT or
 * KEY_UNSAFE for a bad key.
 */
export async function exportBatchVerifier(
  key: VerificationKey,
  contractName: string,
  status: KeyStatus = "development",
): Promise<string> {
  await assertSoundKey(key);
  requireVerifierName(contractName, "BatchVerifier", status);
  if (key.nPublic !== PUBLIC_COUNT) {
    throw new ZkmlError(
      "KEY_FAILED",
      `a batch takes proofs of ${PUBLIC_COUNT} public signals, this key has ${key.nPublic}; ` +
        "export the key of the circuit that proves one job",
      { contractName, publicSignals: key.nPublic },
    );
  }
  const words = Object.entries(keyWords(key)).map(
    ([name, value]) => `        key.${name} = ${value};`,
  );
  return `// SPDX-License-Identifier: MIT
// Written by packages/zkml/src/cli/build-keys.ts from a verification key; changes here are lost.
pragma solidity 0.8.28;

import {IGroth16BatchVerifier} from "../../interfaces/IGroth16BatchVerifier.sol";
import {Groth16Batch} from "../../libraries/Groth16Batch.sol";

/// @title ${contractName}: one verification key in front of Groth16Batch
${status === "development" ? DEVELOPMENT_NOTICE : ""}contract ${contractName} is IGroth16BatchVerifier {
    /// @inheritdoc IGroth16BatchVerifier
    function verifyBatch(
        uint256[8][] calldata proofs,
        uint256[3][] calldata publicInputs
    ) external view returns (bool) {
        return Groth16Batch.verify(_key(), proofs, publicInputs);
    }

    function _key() private pure returns (Groth16Batch.VerifyingKey memory key) {
${words.join("\n")}
    }
}
`;
}

/** Members of `Groth16Batch.VerifyingKey`, in their order. */
function keyWords(key: VerificationKey): Record<string, string> {
  const words: Record<string, string> = {};
  const [alphaX, alphaY] = key.vk_alpha_1;
  Object.assign(words, { alphaX, alphaY });
  for (const [name, [[x0, x1], [y0, y1]]] of [
    ["beta", key.vk_beta_2],
    ["gamma", key.vk_gamma_2],
    ["delta", key.vk_delta_2],
  ] as const) {
    Object.assign(words, {
      [`${name}X1`]: x1,
      [`${name}X0`]: x0,
      [`${name}Y1`]: y1,
      [`${name}Y0`]: y0,
    });
  }
  for (const [i, [x, y]] of key.IC.entries()) {
    Object.assign(words, { [`ic${i}X`]: x, [`ic${i}Y`]: y });
  }
  return words;
}
