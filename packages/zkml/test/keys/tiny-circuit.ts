import { compileSource, type TestCircuit } from "../circuit/harness.ts";

/** Public: product and sum; private: three factors. Covers constants and an unused public input. */
const SOURCE = `pragma circom 2.1.9;
template Tiny() {
    signal input tag;
    signal input a;
    signal input b;
    signal input c;
    signal output product;
    signal output shifted;
    signal ab <== a * b;
    product <== ab * c + 3;
    shifted <== (a - b) * (product + 7);
}
component main {public [tag]} = Tiny();
`;

export function compileTiny(): Promise<TestCircuit> {
  return compileSource(SOURCE);
}

export const TINY_INPUTS = { tag: 99n, a: 5n, b: 7n, c: 11n };
export const TINY_PUBLIC = [388n, (5n - 7n) * 395n, 99n];
