#!/usr/bin/env node
// A prover with rapidsnark's command line that proves with snarkjs. MODE changes what it does, for
// the tests of what can go wrong with a program.
import { writeFile } from "node:fs/promises";
import { groth16 } from "snarkjs";

const [mode, zkey, witness, proofPath, publicPath] = process.argv.slice(2);
if (publicPath === undefined) throw new Error("usage: MODE ZKEY WITNESS PROOF PUBLIC");

if (mode === "hang") {
  console.error("proving for ever");
  setInterval(() => {}, 1_000);
} else if (mode === "fail") {
  console.error("first line\nunable to open the proving key");
  process.exitCode = 3;
} else if (mode === "garbage") {
  await writeFile(proofPath, "no proof");
  await writeFile(publicPath, "[]");
} else if (mode === "nothing") {
  process.exitCode = 0;
} else {
  const { proof, publicSignals } = await groth16.prove(zkey, witness, undefined, {
    singleThread: true,
  });
  if (mode === "false") [proof.pi_a, proof.pi_c] = [proof.pi_c, proof.pi_a];
  await writeFile(proofPath, `${JSON.stringify(proof)}${mode === "padded" ? "\0\0" : ""}`);
  await writeFile(publicPath, JSON.stringify(publicSignals));
}
