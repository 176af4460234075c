import { runBenchmark } from "./run.ts";
const figures = await runBenchmark((line) => console.error(line));
console.log(JSON.stringify(figures));
