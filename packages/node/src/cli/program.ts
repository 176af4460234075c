import { Command } from "commander";
import { addModelCommands } from "./model/commands.ts";
import type { Output } from "./output.ts";
import { addProviderShow } from "./provider-show.ts";
import { addProviderStart } from "./provider-start.ts";
import { addProviderWithdraw } from "./provider-withdraw.ts";
import { addWatch } from "./watch.ts";

const EXAMPLES = `
Examples:
  lattice provider start --rpc http://127.0.0.1:8545 --addresses deployments/localhost/addresses.json \\
      --data .lattice/provider --key-env PROVIDER_KEY --model 0x…:1000000000000000000 --stake 10000
  lattice provider show --rpc … --addresses … --address 0x…
  lattice provider withdraw --rpc … --addresses … --key-env PROVIDER_KEY
  lattice watch --rpc … --addresses … --data .lattice/watch --artifacts … --key-env CHALLENGER_KEY --sample 0.1
  lattice model import float.onnx --calibration images.npy --out model.onnx
  lattice model inspect model.onnx
  lattice model prove model.onnx --input image.npy --out proof

--rpc and --addresses can also be given as LATTICE_RPC_URL and LATTICE_ADDRESSES.
Exit codes: 0 done, 1 failed, 2 wrong use.
`;

/** The `lattice` command line. Wrong use throws a `CommanderError` instead of ending the process. */
export function createProgram(output: Output): Command {
  const program = new Command("lattice")
    .description("Lattice: run AI models for others, prove the results, get paid")
    .exitOverride()
    .showHelpAfterError("(lattice --help shows what there is)")
    .addHelpText("after", EXAMPLES);
  const provider = program.command("provider").description("run and look after a provider");
  addProviderStart(provider, output);
  addProviderShow(provider, output);
  addProviderWithdraw(provider, output);
  addWatch(program, output);
  addModelCommands(program, output);
  return program;
}
