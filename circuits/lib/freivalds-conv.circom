pragma circom 2.1.9;

include "freivalds.circom";

// Statement, what is not proved and assumptions: see freivalds.circom. Here a position of an image
// is the power: position (y, x) of image n has the power (n·outHeight + y)·outWidth + x, which
// separates into a power of the row and one of the column. Neighbouring taps share their sums:
// what tap k sums over a row, tap k + 1 sums but for one pixel at either end.

/// FoldSlides(length, taps, stride, dilation, pad, steps): for every tap k the sum
///   out[k] = Σi x^i · in[i·stride + k·dilation - pad]         i = 0 … steps - 1
/// over the places inside the line.
/// Constraints after full simplification: steps - 1 for a tap, or 2 where the tap `stride` further
/// on is there to go on from, less what falls on padding.
///
/// PRIVATE  in[length]         field elements
/// PRIVATE  base               x
/// PRIVATE  last               x^steps
/// OUTPUT   out[taps]          field elements
template FoldSlides(length, taps, stride, dilation, pad, steps) {
    signal input in[length];
    signal input base;
    signal input last;
    signal output out[taps];

    // 1. From the last tap down, so that the tap to go on from is there.
    signal partial[taps][steps];
    signal leaving[taps];
    var jump = stride \ dilation;
    for (var k = taps - 1; k >= 0; k--) {
        var start = k * dilation - pad;
        if (stride % dilation == 0 && k + jump < taps && steps > 3) {
            // 2. Next tap's sum moved up by one power, with its end taken off and a first term.
            var end = start + steps * stride;
            if (end >= 0 && end < length) {
                leaving[k] <== last * in[end];
            } else {
                leaving[k] <== 0;
            }
            var first = 0;
            if (start >= 0 && start < length) {
                first = in[start];
            }
            for (var i = 1; i < steps; i++) {
                partial[k][i] <== 0;
            }
            partial[k][0] <== base * out[k + jump] + first - leaving[k];
        } else {
            // 3. Term by term.
            leaving[k] <== 0;
            for (var i = steps - 1; i >= 0; i--) {
                var place = start + i * stride;
                var term = 0;
                if (place >= 0 && place < length) {
                    term = in[place];
                }
                if (i == steps - 1) {
                    partial[k][i] <== term;
                } else {
                    partial[k][i] <== base * partial[k][i + 1] + term;
                }
            }
        }
        out[k] <== partial[k][0];
    }
}

/// ConvClaim: the sums of ConvPrivate, unconstrained. ConvCheck constrains them.
template ConvClaim(input4, output4, window, inZero, weightZero) {
    var groupChannels = input4[1] \ output4[3];
    var groupFilters = output4[0] \ output4[3];
    var taps = groupChannels * window[0] * window[1];
    signal input in[input4[0] * input4[1] * input4[2] * input4[3]];
    signal input weights[output4[0] * taps];
    signal output out[input4[0] * output4[0] * output4[1] * output4[2]];

    for (var n = 0; n < input4[0]; n++) {
        for (var f = 0; f < output4[0]; f++) {
            for (var oy = 0; oy < output4[1]; oy++) {
                for (var ox = 0; ox < output4[2]; ox++) {
                    var sum = 0;
                    for (var t = 0; t < taps; t++) {
                        var c = (f \ groupFilters) * groupChannels + t \ (window[0] * window[1]);
                        var y = oy * window[2] + ((t \ window[1]) % window[0]) * window[4] - window[6];
                        var x = ox * window[3] + (t % window[1]) * window[5] - window[7];
                        if (y >= 0 && y < input4[2] && x >= 0 && x < input4[3]) {
                            sum += (in[((n * input4[1] + c) * input4[2] + y) * input4[3] + x] - inZero) * (weights[f * taps + t] - weightZero);
                        }
                    }
                    // The line that constrains it is the last of ConvCheck.
                    out[((n * output4[0] + f) * output4[1] + oy) * output4[2] + ox] <-- sum;
                }
            }
        }
    }
}

/// ConvFold: for every channel c and tap (ky, kx) the sum over all positions (n, y, x) of
///   challenge^((n·outHeight + y)·outWidth + x) · (in[n][c] under the tap - inZero),
/// padding adding nothing. Parameters as ConvConstant of linear.circom.
///
/// PRIVATE  challenge, in[batch·channels·height·width]
/// OUTPUT   out[channels·kernelHeight·kernelWidth]
template ConvFold(input4, output4, window, inZero) {
    var batch = input4[0];
    var channels = input4[1];
    var height = input4[2];
    var width = input4[3];
    var kernel = window[0] * window[1];
    signal input challenge;
    signal input in[batch * channels * height * width];
    signal output out[channels * kernel];

    // 1. The powers of a step to the next row, and to the next image.
    signal row <== Power(output4[2])(challenge);
    signal image <== Power(output4[1])(row);

    // 2. Fold each line, then each column of line sums, then the images.
    component lines[batch][channels][height];
    component columns[batch][channels][window[1]];
    signal images[batch][channels * kernel];
    for (var n = batch - 1; n >= 0; n--) {
        for (var c = 0; c < channels; c++) {
            for (var y = 0; y < height; y++) {
                lines[n][c][y] = FoldSlides(width, window[1], window[3], window[5], window[7], output4[2]);
                lines[n][c][y].base <== challenge;
                lines[n][c][y].last <== row;
                for (var x = 0; x < width; x++) {
                    lines[n][c][y].in[x] <== in[((n * channels + c) * height + y) * width + x] - inZero;
                }
            }
            for (var kx = 0; kx < window[1]; kx++) {
                columns[n][c][kx] = FoldSlides(height, window[0], window[2], window[4], window[6], output4[1]);
                columns[n][c][kx].base <== row;
                columns[n][c][kx].last <== image;
                for (var y = 0; y < height; y++) {
                    columns[n][c][kx].in[y] <== lines[n][c][y].out[kx];
                }
                for (var ky = 0; ky < window[0]; ky++) {
                    var t = c * kernel + ky * window[1] + kx;
                    if (n == batch - 1) {
                        images[n][t] <== columns[n][c][kx].out[ky];
                    } else {
                        images[n][t] <== columns[n][c][kx].out[ky] + image * images[n + 1][t];
                    }
                }
            }
        }
    }
    out <== images[0];
}

/// ConvCheck: the identity for ConvPrivate's sums.
/// Constraints after full simplification: those of ConvFold, one a claim but for one a filter, and
/// one a weight.
///
/// PRIVATE  challenge, in, weights, claim[batch·filters·outHeight·outWidth]
template ConvCheck(input4, output4, window, inZero, weightZero) {
    var batch = input4[0];
    var filters = output4[0];
    var positions = output4[1] * output4[2];
    var groupChannels = input4[1] \ output4[3];
    var groupFilters = filters \ output4[3];
    var taps = groupChannels * window[0] * window[1];
    signal input challenge;
    signal input in[batch * input4[1] * input4[2] * input4[3]];
    signal input weights[filters * taps];
    signal input claim[batch * filters * positions];

    // 1. Inputs under each tap.
    signal folded[input4[1] * window[0] * window[1]];
    folded <== ConvFold(input4, output4, window, inZero)(challenge, in);

    signal foldedClaim[filters][batch * positions];
    signal products[filters][taps];
    for (var f = 0; f < filters; f++) {
        // 2. Claims of the filter, from the last position to the first.
        for (var p = batch * positions - 1; p >= 0; p--) {
            var n = p \ positions;
            var value = claim[(n * filters + f) * positions + p % positions];
            if (p == batch * positions - 1) {
                foldedClaim[f][p] <== value;
            } else {
                foldedClaim[f][p] <== value + challenge * foldedClaim[f][p + 1];
            }
        }

        // 3. The folded inputs times the filter are the folded claims.
        var sum = 0;
        for (var start = 0; start < taps; start += 32) {
            var piece = 0;
            for (var t = start; t < start + 32 && t < taps; t++) {
                products[f][t] <== folded[(f \ groupFilters) * taps + t] * (weights[f * taps + t] - weightZero);
                piece += products[f][t];
            }
            sum += piece;
        }
        sum === foldedClaim[f][0];
    }
}
