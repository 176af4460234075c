pragma circom 2.1.9;

// Statement: each output is the entry of a constant table that its input points at.
// Not proved: THAT THE INPUT POINTS INTO THE TABLE. Elsewhere the polynomial has values that are no
// entries. The caller's interval analysis must have shown it, from inputs that are range-checked.
// Assumptions: entries ≤ 2^16, and each input is an integer in [first, first + entries).
//
// One polynomial of degree < entries goes through the table; the generator computes its
// coefficients over the field. It is evaluated by powers up to `step` and then, in blocks of
// `step` coefficients, by Horner's rule, which takes about twice the square root of the number of
// entries: 30 products for 256.

/// LookupEach(count, first, step, terms, coefficients):
/// out[i] = Σk coefficients[k] · (in[i] - first)^k, k < terms.
///
/// PRIVATE  in[count]   integers in [first, first + entries); not checked here
/// OUTPUT   out[count]  field elements, negative entries being field negatives
///
/// Constraints after full simplification, blocks = ⌈terms / step⌉: count · (step + blocks - 2), or
/// count · (terms - 2) with one block of at least two terms.
template LookupEach(count, first, step, terms, coefficients) {
    assert(terms >= 1 && step >= 1);
    signal input in[count];
    signal output out[count];
    var blocks = (terms + step - 1) \ step;
    var top = blocks == 1 ? terms - 1 : step;
    signal powers[count][top + 1];
    signal sums[count][blocks];

    for (var i = 0; i < count; i++) {
        // 1. Powers of the position in the table.
        powers[i][0] <== 1;
        for (var k = 1; k <= top; k++) {
            if (k == 1) {
                powers[i][k] <== in[i] - first;
            } else {
                powers[i][k] <== powers[i][k \ 2] * powers[i][k - k \ 2];
            }
        }

        // 2. Blocks from the highest to the lowest.
        for (var b = blocks - 1; b >= 0; b--) {
            var block = 0;
            for (var k = 0; k < step && b * step + k < terms; k++) {
                if (coefficients[b * step + k] != 0) {
                    block += coefficients[b * step + k] * powers[i][k];
                }
            }
            if (b == blocks - 1) {
                sums[i][b] <== block;
            } else {
                sums[i][b] <== sums[i][b + 1] * powers[i][step] + block;
            }
        }
        out[i] <== sums[i][0];
    }
}
