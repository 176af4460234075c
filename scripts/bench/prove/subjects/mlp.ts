import { MLP_MODEL_URL } from "../../../../packages/zkml/models/mlp/index.ts";
import { importedSubject } from "../imported-subject.ts";
import type { Subject } from "../subject.ts";

export const mlp: Subject = {
  name: "mlp",
  what: "float MLP 784-56-10, imported",
  build: (context) =>
    importedSubject({ name: "mlp", url: MLP_MODEL_URL, shape: [1, 784] }, context),
};
