import { expect } from "chai";
import { drawWindow } from "../../src/core/draw.ts";

/** The window of a job of draw epoch 5, when only these epochs have drawable seeds. */
function windowAt(current: bigint, ...drawable: bigint[]): Promise<string> {
  return drawWindow(5n, current, (epoch) => {
    if (epoch > current) throw new Error(`asked for epoch ${epoch}, which has not begun`);
    return Promise.resolve(drawable.includes(epoch));
  });
}

describe("drawWindow", () => {
  it("is early before the draw epoch", async () => {
    expect(await windowAt(4n, 4n)).to.equal("early");
  });

  it("is open in the draw epoch when its seed may draw, and early when it may not", async () => {
    expect(await windowAt(5n, 5n)).to.equal("open");
    expect(await windowAt(5n)).to.equal("early");
  });

  it("is open in the epoch after with either seed", async () => {
    expect(await windowAt(6n, 5n)).to.equal("open");
    expect(await windowAt(6n, 6n)).to.equal("open");
    expect(await windowAt(6n)).to.equal("passed");
  });

  it("has passed two epochs later", async () => {
    expect(await windowAt(7n, 5n, 6n, 7n)).to.equal("passed");
  });
});
