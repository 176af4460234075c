import { LENET_MODEL_URL } from "../../../../packages/zkml/models/lenet/index.ts";
import { importedSubject } from "../imported-subject.ts";
import type { Subject } from "../subject.ts";

export const lenet: Subject = {
  name: "lenet",
  what: "float LeNet, 28 × 28, conv 6 and 16, dense 120-84-10, imported",
  build: (context) =>
    importedSubject({ name: "lenet", url: LENET_MODEL_URL, shape: [1, 1, 28, 28] }, context),
};
