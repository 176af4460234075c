import type { Subject } from "../subject.ts";
import { circomlibMlLenet } from "./circomlib-ml-lenet.ts";
import { circomlibMlMlp } from "./circomlib-ml-mlp.ts";
import { digits, digitsX4 } from "./digits.ts";
import { lenet } from "./lenet.ts";
import { mlp } from "./mlp.ts";
import { privateMlpX1, privateMlpX8 } from "./private-mlp.ts";
import { training } from "./training.ts";

/** In the order of the table. */
export const SUBJECTS: readonly Subject[] = [
  mlp,
  circomlibMlMlp,
  lenet,
  circomlibMlLenet,
  digits,
  digitsX4,
  privateMlpX1,
  training,
];

/** Measured only when they are named: a key of this size takes half an hour. */
export const LARGE_SUBJECTS: readonly Subject[] = [privateMlpX8];
