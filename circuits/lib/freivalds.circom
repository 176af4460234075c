pragma circom 2.1.9;

include "range.circom";
include "weights.circom";

// Statement: claimed sums of products are the true ones, but for an error of probability at most
// (number of claimed sums) / r, r being the field's order, over the challenge.
// Not proved: that the challenge was drawn after the claims. THE CALLER COMPUTES IT FROM A HASH OF
// THE WEIGHTS, THE INPUTS AND EVERY CLAIM, each bound by a packing that range checks make injective.
// Assumptions: the caller's interval analysis shows that no true sum wraps the field.
//
// The identity: with x the challenge, p the number of a row of inputs (of an image's position) and
// f that of an output column (of a filter),
//   Σp x^p · claim[p][f] = Σt (Σp x^p · in[p][t]) · weights[t][f]        for every f.
// Both sides are polynomials in x; they agree as polynomials only if every claim is true.

/// Power(exponent): in^exponent, exponent ≥ 1.
/// Constraints after full simplification: squarings and multiplications of the binary method.
template Power(exponent) {
    assert(exponent >= 1);
    signal input in;
    signal output out;

    // 1. From the top digit down: square, and multiply where the digit is 1.
    var length = 0;
    while ((exponent >> length) > 0) {
        length++;
    }
    signal squares[length];
    signal powers[length];
    squares[0] <== 1;
    powers[0] <== in;
    for (var i = 1; i < length; i++) {
        squares[i] <== powers[i - 1] * powers[i - 1];
        if (((exponent >> (length - 1 - i)) & 1) == 1) {
            powers[i] <== squares[i] * in;
        } else {
            powers[i] <== squares[i];
        }
    }
    out <== powers[length - 1];
}

/// ClaimDigest(width, count): hash of claimed values, packed as many as fit 252 bits.
///
/// Assumptions: every value is in [-2^(width-1), 2^(width-1)). THE CALLER HAS RANGE-CHECKED THEM.
/// Constraints after full simplification: those of HashList over ⌈count / ⌊252 / width⌋⌉ items.
///
/// PRIVATE  in[count]  field elements, negatives being field negatives
/// OUTPUT   out        field element
template ClaimDigest(width, count) {
    assert(width >= 1 && width <= 252 && count >= 1);
    signal input in[count];
    signal output out;

    // 1. Half the range makes each value an unsigned digit of its chunk.
    var perChunk = 252 \ width;
    var chunkCount = (count + perChunk - 1) \ perChunk;
    component list = HashList(0x6c6174746963652e636c61696d2e7631, chunkCount);
    for (var j = 0; j < chunkCount; j++) {
        var chunk = 0;
        for (var k = 0; k < perChunk; k++) {
            if (j * perChunk + k < count) {
                chunk += (in[j * perChunk + k] + (1 << (width - 1))) * (1 << (width * k));
            }
        }
        list.in[j] <== chunk;
    }
    out <== list.out;
}

/// Challenge(count): the point at which all identities of a proof are checked.
///
/// PRIVATE  in[count]  context, commitments and digests: the whole statement and every claim
/// OUTPUT   out        field element
template Challenge(count) {
    signal input in[count];
    signal output out;
    out <== HashList(0x6c6174746963652e6368616c6c656e67652e7631, count)(in);
}

/// MatMulClaim: the sums of MatMulPrivate, unconstrained. MatMulCheck constrains them.
template MatMulClaim(rows, inner, columns, inZero, weightZero) {
    signal input in[rows * inner];
    signal input weights[inner * columns];
    signal output out[rows * columns];

    for (var r = 0; r < rows; r++) {
        for (var c = 0; c < columns; c++) {
            var sum = 0;
            for (var k = 0; k < inner; k++) {
                sum += (in[r * inner + k] - inZero) * (weights[k * columns + c] - weightZero);
            }
            // The line that constrains it is the last of MatMulCheck.
            out[r * columns + c] <-- sum;
        }
    }
}

/// MatMulCheck: the identity for MatMulPrivate's sums. A row is a power of the challenge.
/// Constraints after full simplification: (rows - 1) · (inner + columns) + inner · columns.
///
/// PRIVATE  challenge              field element
/// PRIVATE  in[rows·inner], weights[inner·columns], claim[rows·columns]
template MatMulCheck(rows, inner, columns, inZero, weightZero) {
    signal input challenge;
    signal input in[rows * inner];
    signal input weights[inner * columns];
    signal input claim[rows * columns];

    // 1. Rows of inputs and of claims, folded from the last to the first.
    signal folded[rows][inner];
    signal foldedClaim[rows][columns];
    for (var r = rows - 1; r >= 0; r--) {
        for (var k = 0; k < inner; k++) {
            if (r == rows - 1) {
                folded[r][k] <== in[r * inner + k] - inZero;
            } else {
                folded[r][k] <== in[r * inner + k] - inZero + challenge * folded[r + 1][k];
            }
        }
        for (var c = 0; c < columns; c++) {
            if (r == rows - 1) {
                foldedClaim[r][c] <== claim[r * columns + c];
            } else {
                foldedClaim[r][c] <== claim[r * columns + c] + challenge * foldedClaim[r + 1][c];
            }
        }
    }

    // 2. The folded inputs times the weights are the folded claims.
    component product = MatMulPrivate(1, inner, columns, 0, weightZero);
    product.in <== folded[0];
    product.weights <== weights;
    product.out === foldedClaim[0];
}
