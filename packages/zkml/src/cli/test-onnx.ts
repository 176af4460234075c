import { listNodeTests } from "../conformance/node-test.ts";
import { type NodeTestResult, runNodeTest } from "../conformance/run-node-test.ts";

const USAGE = `Runs tests of ONNX's backend test format: DIR/**/model.onnx beside
test_data_set_*/{input,output}_*.pb. Inputs that the integer form takes as constants (zero points,
scales, bounds, axes, shapes, tables, divisors) are taken from the data set.

  npm run test:onnx -- DIR [--json] [--no-runtime] [--only TEXT]

  --json        one JSON object instead of lines
  --no-runtime  the interpreter alone, without ONNX Runtime beside it
  --only TEXT   tests whose name contains TEXT

Ends with code 1 when a test fails, 2 when there is none to run.
`;

interface Arguments {
  readonly directory: string;
  readonly json: boolean;
  readonly runtime: boolean;
  readonly only: string;
}

function parse(args: readonly string[]): Arguments | undefined {
  const rest = [...args];
  const flag = (name: string): boolean => {
    const index = rest.indexOf(name);
    if (index >= 0) rest.splice(index, 1);
    return index >= 0;
  };
  const [json, runtime] = [flag("--json"), !flag("--no-runtime")];
  const at = rest.indexOf("--only");
  const [, only = ""] = at < 0 ? [] : rest.splice(at, 2);
  const [directory] = rest;
  if (directory === undefined || rest.length > 1 || directory.startsWith("-")) return undefined;
  return { directory, json, runtime, only };
}

function totals(results: readonly NodeTestResult[]): Record<NodeTestResult["outcome"], number> {
  const count = (outcome: string) => results.filter((one) => one.outcome === outcome).length;
  return {
    passed: count("passed"),
    failed: count("failed"),
    unsupported: count("unsupported"),
  };
}

async function main(args: readonly string[]): Promise<number> {
  const parsed = parse(args);
  if (parsed === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { directory, json, runtime, only } = parsed;
  const names = (await listNodeTests(directory)).filter((name) => name.includes(only));
  const results: NodeTestResult[] = [];
  for (const name of names) {
    const result = await runNodeTest(directory, name, { runtime });
    results.push(result);
    if (json) continue;
    const beside = result.runtime === undefined ? "" : `ONNX Runtime: ${result.runtime}`;
    const detail = [result.reason, beside].filter((part) => part !== "").join("; ");
    process.stdout.write(`${result.outcome.padEnd(11)} ${result.name}  ${detail}\n`);
  }
  const counts = totals(results);
  process.stdout.write(
    json
      ? `${JSON.stringify({ ...counts, results })}\n`
      : `${counts.passed} passed, ${counts.failed} failed, ${counts.unsupported} unsupported\n`,
  );
  if (results.length === 0) {
    process.stderr.write(`no test found in ${directory}\n`);
    return 2;
  }
  return counts.failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
