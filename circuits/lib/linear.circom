pragma circom 2.1.9;

// Statement: sums of products of inputs with weights that are constants of the circuit.
// Not proved: which model the weights belong to; the verifying key fixes them, and the registry
// says which key serves which model.
// Assumptions: the caller's interval analysis shows that no sum wraps the field.
// Constraints after full simplification: none, linear constraints are substituted away.
//
// Sums are built in pieces of 32 terms because the compiler copies the whole expression at every
// addition, which makes one long sum quadratic in its length.

/// MatMulConstant: out[r][c] = Σk (in[r][k] - zeroPoint) · weights[k][c], row-major.
///
/// PRIVATE  in[rows·inner]      field elements
/// OUTPUT   out[rows·columns]   field elements
///
/// weights[inner·columns]  integers, their own zero point already subtracted
template MatMulConstant(rows, inner, columns, zeroPoint, weights) {
    signal input in[rows * inner];
    signal output out[rows * columns];

    // 1. One sum per output, in pieces.
    for (var r = 0; r < rows; r++) {
        for (var c = 0; c < columns; c++) {
            var sum = 0;
            for (var start = 0; start < inner; start += 32) {
                var piece = 0;
                for (var k = start; k < start + 32 && k < inner; k++) {
                    if (weights[k * columns + c] != 0) {
                        piece += (in[r * inner + k] - zeroPoint) * weights[k * columns + c];
                    }
                }
                sum += piece;
            }
            out[r * columns + c] <== sum;
        }
    }
}

/// ConvConstant: two-dimensional cross-correlation as ONNX ConvInteger; padding adds nothing.
///
/// PRIVATE  in[batch·channels·height·width]           field elements, NCHW
/// OUTPUT   out[batch·filters·outHeight·outWidth]     field elements, NCHW
///
/// weights[filters·(channels/groups)·kernelHeight·kernelWidth]  integers, their own zero point
///          already subtracted
/// input4   [batch, channels, height, width]
/// output4  [filters, outHeight, outWidth, groups]
/// window   [kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, padTop, padLeft]
template ConvConstant(input4, output4, window, zeroPoint, weights) {
    var channels = input4[1];
    var height = input4[2];
    var width = input4[3];
    var filters = output4[0];
    var outHeight = output4[1];
    var outWidth = output4[2];
    var groupChannels = channels \ output4[3];
    var groupFilters = filters \ output4[3];
    signal input in[input4[0] * channels * height * width];
    signal output out[input4[0] * filters * outHeight * outWidth];

    // 1. One sum per output, a piece per channel.
    for (var n = 0; n < input4[0]; n++) {
        for (var f = 0; f < filters; f++) {
            for (var oy = 0; oy < outHeight; oy++) {
                for (var ox = 0; ox < outWidth; ox++) {
                    var sum = 0;
                    for (var g = 0; g < groupChannels; g++) {
                        var c = (f \ groupFilters) * groupChannels + g;
                        var piece = 0;
                        for (var ky = 0; ky < window[0]; ky++) {
                            for (var kx = 0; kx < window[1]; kx++) {
                                var y = oy * window[2] + ky * window[4] - window[6];
                                var x = ox * window[3] + kx * window[5] - window[7];
                                var w = weights[((f * groupChannels + g) * window[0] + ky) * window[1] + kx];
                                if (y >= 0 && y < height && x >= 0 && x < width && w != 0) {
                                    piece += (in[((n * channels + c) * height + y) * width + x] - zeroPoint) * w;
                                }
                            }
                        }
                        sum += piece;
                    }
                    out[((n * filters + f) * outHeight + oy) * outWidth + ox] <== sum;
                }
            }
        }
    }
}

/// SumOf(count): out = in[0] + … + in[count - 1].
///
/// PRIVATE  in[count]  field elements
/// OUTPUT   out        field element
template SumOf(count) {
    assert(count >= 1);
    signal input in[count];
    signal output out;

    // 1. One sum, in pieces.
    var sum = 0;
    for (var start = 0; start < count; start += 32) {
        var piece = 0;
        for (var k = start; k < start + 32 && k < count; k++) {
            piece += in[k];
        }
        sum += piece;
    }
    out <== sum;
}
