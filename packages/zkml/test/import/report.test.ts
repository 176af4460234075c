import { expect } from "chai";
import { type ImportedModel, importModel } from "../../src/import/import-model.ts";
import { renderImportReport } from "../../src/import/report/render-report.ts";
import { FloatModelBuilder, randomSamples } from "./float-models.ts";

describe("import reports", () => {
  let imported: ImportedModel;

  before(async () => {
    const b = new FloatModelBuilder(51, [1, 12]);
    b.gemm("x", "hidden", 12, 10);
    b.add("Relu", ["hidden"], "r<b>");
    b.gemm("r<b>", "logits", 10, 4);
    b.add("Softmax", ["logits"], "y");
    imported = await importModel(b.bytes(), {
      calibration: randomSamples(52, 40, [12]),
      labels: new Uint8Array(40),
      heldOut: { samples: randomSamples(53, 20, [12]), labels: new Uint8Array(20) },
      name: "tiny & <script>",
    });
  });

  it("are plain JSON", () => {
    const { report } = imported;
    expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
  });

  it("describe every layer", () => {
    const [hidden, logits] = imported.report.layers;
    expect(hidden).to.deep.include({
      name: "r<b>",
      operator: "Relu",
      elementType: "uint8",
      shape: [1, 10],
      zeroPoint: 0,
      activationBits: 8,
    });
    expect(hidden?.accumulatorBits).to.be.within(10, 24);
    expect(hidden?.weightBits).to.be.within(4, 7);
    expect(hidden?.shifts?.length).to.be.greaterThan(0);
    expect(hidden?.calibration.sqnrDb).to.be.greaterThan(25);
    expect(hidden?.heldOut?.sqnrDb).to.be.greaterThan(20);
    expect(logits).to.include({ name: "y", elementType: "int32" });
  });

  it("compare the two models", () => {
    const { calibration, heldOut, notes, totals } = imported.report;
    expect(calibration.samples).to.equal(40);
    expect(heldOut?.samples).to.equal(20);
    for (const comparison of [calibration, heldOut]) {
      const { floatAccuracy = 0, integerAccuracy = 0, pointsLost } = comparison ?? {};
      expect(pointsLost).to.be.closeTo(100 * (floatAccuracy - integerAccuracy), 1e-9);
    }
    expect(calibration.top1Agreement).to.be.at.least(0.9);
    expect(totals).to.include({ macs: 160, parameters: 174 });
    expect(notes[0]).to.match(/Softmax "Softmax-y" was left out/);
  });

  it("render to one page that loads nothing and escapes names", () => {
    const html = renderImportReport(imported.report);
    expect(html)
      .to.match(/^<!doctype html>/)
      .and.include("<svg")
      .and.include("prefers-color-scheme");
    expect(html).to.include("tiny &amp; &lt;script&gt;").and.include("r&lt;b&gt;");
    expect(html).to.not.match(/<script|https?:|<link|@import/);
    for (const { name } of imported.report.layers.slice(1)) expect(html).to.include(name);
  });

  it("show the errors of held-out samples where there are any, and of calibration where not", () => {
    const { report } = imported;
    const { heldOut: _heldOut, ...own } = report;
    const layers = report.layers.map(({ heldOut: _layer, ...layer }) => layer);
    const shown = (errors: { sqnrDb: number | null } | undefined) =>
      `<td>${errors?.sqnrDb?.toFixed(1)} dB</td>`;
    const [first] = report.layers;
    expect(shown(first?.heldOut)).to.not.equal(shown(first?.calibration));
    const both = renderImportReport(report);
    expect(both).to.include(shown(first?.heldOut)).and.include("of the held-out samples");
    expect(both).to.not.include(shown(first?.calibration));
    const alone = renderImportReport({ ...own, layers });
    expect(alone).to.include(shown(first?.calibration)).and.include("of the calibration samples");
  });
});
