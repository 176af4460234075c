import { exportVerifier, type VerificationKey } from "@lattice/zkml";
import { Interface } from "ethers";
import { network } from "hardhat";
import { compile } from "../../solc/compile.ts";

const CONTRACT = "BenchDevVerifier";

/**
 * Gas of a transaction that verifies this proof with the key's exported verifier, on a chain in
 * memory: base and calldata included. The verifier is compiled as the contracts are.
 */
export async function verificationGas(
  key: VerificationKey,
  proof: readonly string[],
  publicSignals: readonly bigint[],
): Promise<number> {
  const { abi, bytecode } = compileVerifier(await exportVerifier(key, CONTRACT));
  const { ethers } = await network.create();
  const [sender] = await ethers.getSigners();
  if (sender === undefined) throw new Error("the chain in memory has no accounts");
  const verifier = await new ethers.ContractFactory(abi, bytecode, sender).deploy();
  const [ax, ay, bx1, bx0, by1, by0, cx, cy] = proof;
  const parameters = [
    [ax, ay],
    [
      [bx1, bx0],
      [by1, by0],
    ],
    [cx, cy],
    publicSignals,
  ];
  const call = {
    to: await verifier.getAddress(),
    data: abi.encodeFunctionData("verifyProof", parameters),
  };
  const [accepted] = abi.decodeFunctionResult("verifyProof", await sender.call(call));
  if (accepted !== true) throw new Error("the exported verifier refuses the proof");
  const receipt = await (await sender.sendTransaction(call)).wait();
  return Number(receipt?.gasUsed);
}

function compileVerifier(source: string): { readonly abi: Interface; readonly bytecode: string } {
  const file = `${CONTRACT}.sol`;
  const { contracts } = compile(
    { [file]: source },
    {
      viaIR: true,
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
    },
  );
  const contract = contracts?.[file]?.[CONTRACT];
  if (contract?.abi === undefined || contract.evm === undefined) {
    throw new Error("the exported verifier did not compile to a contract");
  }
  return {
    abi: new Interface(JSON.stringify(contract.abi)),
    bytecode: `0x${contract.evm.bytecode.object}`,
  };
}
