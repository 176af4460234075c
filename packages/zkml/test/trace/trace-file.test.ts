import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { CommittedTensor } from "../../src/commitments/committed-trace.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import {
  readTraceFile,
  traceFileBytes,
  writeTraceFile,
} from "../../src/runtime/trace/trace-file.ts";
import { committedRun } from "../helpers/committed-runs.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { withByte, withTensorFiller } from "../helpers/forged-traces.ts";
import { LARGE_GRAPHS } from "../helpers/large-graphs.ts";
import { smallConvnet } from "../helpers/small-convnet.ts";

describe("a trace file", () => {
  const random = new SeededRandom(0xf11e);
  const run = committedRun(smallConvnet(random), random);
  const { trace } = run;
  let folder: string;
  let path: string;
  let bytes: Buffer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "lattice-trace-"));
    path = join(folder, "a.trace");
    await writeTraceFile(path, trace);
    bytes = await readFile(path);
  });

  after(async () => {
    await rm(folder, { recursive: true });
  });

  async function expectRefusal(content: Uint8Array, message: RegExp): Promise<void> {
    const damaged = join(folder, "damaged.trace");
    await writeFile(damaged, content);
    const read = () => readTraceFile(damaged, trace.root, { threads: 0 });
    await expectZkmlError(read, { code: "TRACE_CORRUPT", message });
  }

  it("gives the trace back, with and without threads", async () => {
    for (const threads of [0, 2]) {
      expect(await readTraceFile(path, trace.root, { threads })).to.deep.equal(trace);
    }
    expect((await stat(path)).size).to.equal(traceFileBytes(run.program));
  });

  it("of tensors that threads share gives the trace back", async () => {
    const large = committedRun(LARGE_GRAPHS["a sum over image axes"]?.(random) as never, random);
    const file = join(folder, "large.trace");
    await writeTraceFile(file, large.trace);
    expect(large.trace.tensors.some(({ packed }) => packed.length > 32_768)).to.equal(true);
    expect(await readTraceFile(file, large.trace.root, { threads: 2 })).to.deep.equal(large.trace);
  });

  it("is refused with a byte changed anywhere", async () => {
    for (let at = 0; at < bytes.length; at += 97) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      await expectRefusal(changed, /the trace file/);
    }
  });

  it("is refused when it is cut short or goes on", async () => {
    for (let length = 0; length < bytes.length; length += 211) {
      await expectRefusal(bytes.subarray(0, length), /bytes more belong/);
    }
    await expectRefusal(Buffer.concat([bytes, Uint8Array.of(0)]), /followed by 1 bytes/);
  });

  it("is refused when its first tensor claims more than a tensor can have, or than the file has", async () => {
    const { header } = trace.tensors[0] as CommittedTensor;
    const dimensions = bytes.indexOf(header) + 3;
    const huge = Buffer.from(bytes);
    huge.writeUInt32BE(2 ** 27, dimensions);
    await expectRefusal(huge, /malformed shape/);
    const empty = Buffer.from(bytes);
    empty.writeUInt32BE(0, dimensions);
    await expectRefusal(empty, /malformed shape/);
    const long = Buffer.from(bytes);
    long.writeUInt32BE(2 ** 17, dimensions);
    await expectRefusal(long, /bytes more belong/);
    const typeless = Buffer.from(bytes);
    typeless[dimensions - 3] = 0;
    await expectRefusal(typeless, /malformed header/);
  });

  it("is refused when it has no tensors, or is of another version", async () => {
    const none = bytes.subarray(0, 11);
    await expectRefusal(Buffer.concat([none.subarray(0, 7), Buffer.alloc(4)]), /no tensors/);
    await expectRefusal(Buffer.from(bytes.with(6, 2)), /of this version/);
  });

  it("is refused above the size that the reader allows", async () => {
    const maxBytes = bytes.length - 1;
    await expectZkmlError(() => readTraceFile(path, trace.root, { maxBytes, threads: 0 }), {
      code: "TRACE_TOO_LARGE",
      metadata: { size: bytes.length, maxBytes },
    });
  });

  it("is refused for another trace, and for one whose filling is not zero", async () => {
    const other = withByte(trace, 1, 0, (old) => old ^ 1);
    const filled = withTensorFiller(trace, trace.tensors.length);
    for (const { root } of [other, filled]) {
      await expectZkmlError(() => readTraceFile(path, root, { threads: 0 }), {
        code: "TRACE_CORRUPT",
        message: new RegExp(`leads to ${trace.root}, not to ${root}`),
      });
    }
  });

  it("stops when it is told to, and leaves errors of the file system as they are", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    const stopped = readTraceFile(path, trace.root, { signal, threads: 0 });
    expect(await stopped.catch((error: Error) => error.message)).to.equal("enough");
    const missing = readTraceFile(join(folder, "none"), trace.root);
    expect(await missing.catch((error: NodeJS.ErrnoException) => error.code)).to.equal("ENOENT");
  });
});
