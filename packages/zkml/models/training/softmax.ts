/** Shares that add up to one, the larger the logit the larger. */
export function softmax(logits: Float64Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const powers = logits.map((logit) => exponential(logit - largest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

/**
 * e^x for x ≤ 0. Math.exp may differ in its last bit between engines, and training amplifies
 * that; additions and multiplications may not.
 */
function exponential(x: number): number {
  const t = Math.max(x, -700) / 1024;
  let result = 1 + t * (1 + (t / 2) * (1 + (t / 3) * (1 + t / 4)));
  for (let doubling = 0; doubling < 10; doubling++) result *= result;
  return result;
}
