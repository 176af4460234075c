pragma circom 2.1.9;

include "range.circom";

/// IsZero(): whether a field element is zero.
///
/// Statement: out = 1 when in = 0, else out = 0.
/// Constraints after full simplification: 3.
///
/// PRIVATE  in   field element
/// OUTPUT   out  0 or 1
template IsZero() {
    signal input in;
    signal output out;
    signal inverse;

    // 1. in ≠ 0 makes out = 0 by the second line, and in = 0 makes out = 1 by the first. The third
    //    makes the inverse of zero zero, so that every statement has one witness.
    inverse <-- in != 0 ? 1 / in : 0;
    out <== 1 - in * inverse;
    in * out === 0;
    inverse * out === 0;
}

/// Requantise(width, shift, outWidth): ReLU, division by 2^shift rounded down, clamp; in one
/// decomposition.
///
/// Statement: out = min(floor(max(in, 0) / 2^shift), 2^outWidth - 1).
/// Not proved: that the scale 2^shift is a good one for the model.
/// Assumptions: none; in in [-2^(width-1), 2^(width-1)) is proved here.
/// Constraints after full simplification: width + 1, and when the clamp can bite, that is when
/// width - 1 > shift + outWidth, one more for a single digit above the limit and four for several.
///
/// PRIVATE  in   field element
/// OUTPUT   out  in [0, 2^outWidth)
template Requantise(width, shift, outWidth) {
    assert(shift >= 0 && shift < width - 1 && outWidth >= 1);
    signal input in;
    signal output out;

    // 1. Digits of in + 2^(width-1). For in ≥ 0 the lower ones are those of in.
    component digits = SignedBits(width);
    digits.in <== in;
    var nonNegative = digits.bits[width - 1];

    // 2. The quotient's digits that fit the output, and whether any above them is set.
    var low = 0;
    var excess = 0;
    for (var i = shift; i < width - 1; i++) {
        if (i < shift + outWidth) {
            low += digits.bits[i] * (1 << (i - shift));
        } else {
            excess += digits.bits[i];
        }
    }

    // 3. Clamp. `excess` counts set digits, at most width of them, so it cannot wrap to zero; a
    //    single digit says it by itself.
    signal clamped;
    if (width - 1 > shift + outWidth) {
        var top = (1 << outWidth) - 1;
        var fits = 1 - excess;
        if (width - 1 > shift + outWidth + 1) {
            component none = IsZero();
            none.in <== excess;
            fits = none.out;
        }
        clamped <== fits * (low - top) + top;
    } else {
        clamped <== low;
    }

    // 4. ReLU.
    out <== nonNegative * clamped;
}
