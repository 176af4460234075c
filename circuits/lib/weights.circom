pragma circom 2.1.9;

include "poseidon.circom";

// Statement: products of inputs with weights that are themselves private inputs, and the
// commitment that says which weights they are.
// Not proved: the ranges of inputs and weights.
// Assumptions: THE CALLER RANGE-CHECKS EVERY WEIGHT, and its interval analysis, which takes every
// weight at the bounds of that check, shows that no sum wraps the field.
//
// Sums are built in pieces of 32 terms because the compiler copies the whole expression at every
// addition.

/// HashList(tag, count): Poseidon over a list whose length the tag binds.
///
/// Statement: with state = tag · 2^64 + count at first, state = Poseidon(state, next 15 items) for
/// each group of 15, the last one possibly shorter; out is the last state.
/// Constraints after full simplification: those of the Poseidon calls.
///
/// PRIVATE  in[count]  field elements
/// OUTPUT   out        field element
template HashList(tag, count) {
    assert(count >= 1);
    signal input in[count];
    signal output out;

    // 1. Fold the items into the tag.
    var groupCount = (count + 14) \ 15;
    signal states[groupCount + 1];
    component hashes[groupCount];
    states[0] <== tag * (1 << 64) + count;
    for (var g = 0; g < groupCount; g++) {
        var size = count - 15 * g;
        if (size > 15) {
            size = 15;
        }
        hashes[g] = Poseidon(size + 1);
        hashes[g].inputs[0] <== states[g];
        for (var k = 0; k < size; k++) {
            hashes[g].inputs[k + 1] <== in[15 * g + k];
        }
        states[g + 1] <== hashes[g].out;
    }
    out <== states[groupCount];
}

/// WeightsCommitment(count): commitment of all weights of a model.
///
/// Statement: out = HashList("lattice.weights.v1", count + 1) of the salt and the tensors'
/// commitments, in the order in which the model reads them.
/// Hiding rests on the salt: 254 random bits that nobody else knows.
///
/// PRIVATE  salt                field element
/// PRIVATE  commitments[count]  what TensorCommitment gives for each tensor
/// OUTPUT   out                 field element
template WeightsCommitment(count) {
    signal input salt;
    signal input commitments[count];
    signal output out;

    component list = HashList(0x6c6174746963652e776569676874732e7631, count + 1);
    list.in[0] <== salt;
    for (var i = 0; i < count; i++) {
        list.in[i + 1] <== commitments[i];
    }
    out <== list.out;
}

/// MatMulPrivate: out[r][c] = Σk (in[r][k] - inZero) · (weights[k][c] - weightZero), row-major.
/// Constraints after full simplification: rows · inner · columns.
///
/// PRIVATE  in[rows·inner], weights[inner·columns]  field elements
/// OUTPUT   out[rows·columns]                       field elements
template MatMulPrivate(rows, inner, columns, inZero, weightZero) {
    signal input in[rows * inner];
    signal input weights[inner * columns];
    signal output out[rows * columns];

    // 1. One product a term; one sum an output, in pieces.
    signal products[rows * columns][inner];
    for (var r = 0; r < rows; r++) {
        for (var c = 0; c < columns; c++) {
            var sum = 0;
            for (var start = 0; start < inner; start += 32) {
                var piece = 0;
                for (var k = start; k < start + 32 && k < inner; k++) {
                    products[r * columns + c][k] <== (in[r * inner + k] - inZero) * (weights[k * columns + c] - weightZero);
                    piece += products[r * columns + c][k];
                }
                sum += piece;
            }
            out[r * columns + c] <== sum;
        }
    }
}

/// ConvPrivate: cross-correlation as ConvConstant of linear.circom, with the same parameters.
/// Constraints after full simplification: one a product that does not fall on padding.
///
/// PRIVATE  in[batch·channels·height·width]                             field elements, NCHW
/// PRIVATE  weights[filters·(channels/groups)·kernelHeight·kernelWidth] field elements
/// OUTPUT   out[batch·filters·outHeight·outWidth]                       field elements, NCHW
template ConvPrivate(input4, output4, window, inZero, weightZero) {
    var channels = input4[1];
    var height = input4[2];
    var width = input4[3];
    var filters = output4[0];
    var outHeight = output4[1];
    var outWidth = output4[2];
    var groupChannels = channels \ output4[3];
    var groupFilters = filters \ output4[3];
    var taps = groupChannels * window[0] * window[1];
    var outputs = input4[0] * filters * outHeight * outWidth;
    signal input in[input4[0] * channels * height * width];
    signal input weights[filters * taps];
    signal output out[outputs];

    // 1. One product a tap inside the image; one sum an output, a piece a channel.
    signal products[outputs][taps];
    for (var n = 0; n < input4[0]; n++) {
        for (var f = 0; f < filters; f++) {
            for (var oy = 0; oy < outHeight; oy++) {
                for (var ox = 0; ox < outWidth; ox++) {
                    var o = ((n * filters + f) * outHeight + oy) * outWidth + ox;
                    var sum = 0;
                    for (var g = 0; g < groupChannels; g++) {
                        var c = (f \ groupFilters) * groupChannels + g;
                        var piece = 0;
                        for (var ky = 0; ky < window[0]; ky++) {
                            for (var kx = 0; kx < window[1]; kx++) {
                                var y = oy * window[2] + ky * window[4] - window[6];
                                var x = ox * window[3] + kx * window[5] - window[7];
                                var t = (g * window[0] + ky) * window[1] + kx;
                                if (y >= 0 && y < height && x >= 0 && x < width) {
                                    products[o][t] <== (in[((n * channels + c) * height + y) * width + x] - inZero) * (weights[f * taps + t] - weightZero);
                                } else {
                                    products[o][t] <== 0;
                                }
                                piece += products[o][t];
                            }
                        }
                        sum += piece;
                    }
                    out[o] <== sum;
                }
            }
        }
    }
}
