pragma circom 2.1.9;

include "rounding.circom";

// Parts of one step of gradient descent on an MLP whose weights are private signals. Layouts are row-major; a layer's
// parameters are a row per unit: its weights, then its bias, which multiplies the constant `one`.
// Not proved: the ranges of inputs, unless a template says so; they decide what the caller's bounds must be.
// Assumptions: no sum wraps the field: all values are below 2^60.

/// InnerProduct(count): out = Σ a[i]·b[i]. Constraints after full simplification: count.
template InnerProduct(count) {
    signal input a[count];
    signal input b[count];
    signal output out;
    signal sums[count];
    sums[0] <== a[0] * b[0];
    for (var i = 1; i < count; i++) {
        sums[i] <== sums[i - 1] + a[i] * b[i];
    }
    out <== sums[count - 1];
}

/// Dense(batch, inputs, units, one): out[n][u] = Σi in[n][i]·parameters[u][i] + one·bias[u].
/// Constraints after full simplification: batch · inputs · units.
///
/// PRIVATE  in[batch·inputs], parameters[units·(inputs + 1)]
/// OUTPUT   out[batch·units]
template Dense(batch, inputs, units, one) {
    signal input in[batch * inputs];
    signal input parameters[units * (inputs + 1)];
    signal output out[batch * units];
    component sums[batch][units];
    for (var n = 0; n < batch; n++) {
        for (var u = 0; u < units; u++) {
            sums[n][u] = InnerProduct(inputs);
            for (var i = 0; i < inputs; i++) {
                sums[n][u].a[i] <== in[n * inputs + i];
                sums[n][u].b[i] <== parameters[u * (inputs + 1) + i];
            }
            out[n * units + u] <== sums[n][u].out + one * parameters[u * (inputs + 1) + inputs];
        }
    }
}

/// Backward(batch, inputs, units): out[n][i] = Σu errors[n][u]·parameters[u][i]; biases take no part.
/// Constraints after full simplification: batch · inputs · units.
///
/// PRIVATE  errors[batch·units], parameters[units·(inputs + 1)]
/// OUTPUT   out[batch·inputs]
template Backward(batch, inputs, units) {
    signal input errors[batch * units];
    signal input parameters[units * (inputs + 1)];
    signal output out[batch * inputs];
    component sums[batch][inputs];
    for (var n = 0; n < batch; n++) {
        for (var i = 0; i < inputs; i++) {
            sums[n][i] = InnerProduct(units);
            for (var u = 0; u < units; u++) {
                sums[n][i].a[u] <== errors[n * units + u];
                sums[n][i].b[u] <== parameters[u * (inputs + 1) + i];
            }
            out[n * inputs + i] <== sums[n][i].out;
        }
    }
}

/// Update(batch, inputs, units, one, errorBound, shift): what the errors of a layer's units make of its parameters:
/// next[u][i] = r(parameters[u][i] + (Σn errors[n][u]·in[n][i]) / 2^shift), clamped to int16; `one` for in where i is
/// the bias. One decomposition rounds, clamps and proves the range.
/// Assumptions: parameters are int16; |errors| ≤ errorBound; in and `one` are in [0, 256].
/// Constraints after full simplification: (batch + shift + 19) for a weight, shift + 19 for a bias.
///
/// PRIVATE  in[batch·inputs], errors[batch·units], parameters[units·(inputs + 1)]
/// OUTPUT   next[units·(inputs + 1)]      in [-2^15, 2^15)
/// OUTPUT   negative[units·(inputs + 1)]  1 where next is below zero, else 0
template Update(batch, inputs, units, one, errorBound, shift) {
    var gradientBound = batch * errorBound * 256;
    // So the quotient has one digit more than int16.
    assert(gradientBound + (1 << (shift - 1)) < (1 << (15 + shift)));
    signal input in[batch * inputs];
    signal input errors[batch * units];
    signal input parameters[units * (inputs + 1)];
    signal output next[units * (inputs + 1)];
    signal output negative[units * (inputs + 1)];
    component sums[units][inputs];
    component rounded[units][inputs + 1];
    for (var u = 0; u < units; u++) {
        var biasGradient = 0;
        for (var n = 0; n < batch; n++) {
            biasGradient += errors[n * units + u] * one;
        }
        for (var i = 0; i <= inputs; i++) {
            var at = u * (inputs + 1) + i;
            rounded[u][i] = RoundedClamp((1 << (16 + shift)) - 1 - (1 << (shift - 1)), shift, 16);
            if (i < inputs) {
                sums[u][i] = InnerProduct(batch);
                for (var n = 0; n < batch; n++) {
                    sums[u][i].a[n] <== errors[n * units + u];
                    sums[u][i].b[n] <== in[n * inputs + i];
                }
                rounded[u][i].in <== parameters[at] * (1 << shift) + sums[u][i].out;
            } else {
                rounded[u][i].in <== parameters[at] * (1 << shift) + biasGradient;
            }
            next[at] <== rounded[u][i].out;
            negative[at] <== rounded[u][i].negative;
        }
    }
}
