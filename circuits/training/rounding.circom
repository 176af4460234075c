pragma circom 2.1.9;

include "range.circom";
include "requantise.circom";

/// Digits that a signed integer of magnitude ≤ bound needs.
function signedWidthOf(bound) {
    var width = 1;
    while ((1 << (width - 1)) <= bound) {
        width++;
    }
    return width;
}

// Division by 2^shift, rounding half up: r(x) = floor((x + 2^(shift-1)) / 2^shift), r(x) = x for shift 0.
// Not proved: that the scale is a good one.
// Assumptions: |in| ≤ bound. It is range-checked here, so a false assumption makes the proof impossible, not wrong.

/// RoundedRelu(bound, shift, outWidth): out = min(max(r(in), 0), 2^outWidth - 1), and whether neither limit bit.
///
/// PRIVATE  in      field element
/// OUTPUT   out     in [0, 2^outWidth)
/// OUTPUT   active  1 when 0 ≤ r(in) < 2^outWidth, else 0
///
/// Constraints after full simplification: width + 5, width being the digits of bound + 2^(shift-1).
template RoundedRelu(bound, shift, outWidth) {
    var half = shift > 0 ? 1 << (shift - 1) : 0;
    var width = signedWidthOf(bound + half);
    assert(width - 1 > shift + outWidth);
    signal input in;
    signal output out;
    signal output active;

    // 1. Digits of in + half + 2^(width-1). When the top one is set the lower ones are those of in + half.
    component digits = SignedBits(width);
    digits.in <== in + half;
    var nonNegative = digits.bits[width - 1];
    var low = 0;
    var excess = 0;
    for (var i = shift; i < width - 1; i++) {
        if (i < shift + outWidth) {
            low += digits.bits[i] * (1 << (i - shift));
        } else {
            excess += digits.bits[i];
        }
    }

    // 2. Within the limits: not negative, no digit above. `excess` counts at most width digits, so it cannot wrap.
    component fits = IsZero();
    fits.in <== excess;
    active <== nonNegative * fits.out;

    // 3. Inside the quotient; above the upper limit, where only `nonNegative` is set, that limit; below zero, zero.
    var top = (1 << outWidth) - 1;
    out <== active * (low - top) + nonNegative * top;
}

/// RoundedClamp(bound, shift, outWidth): out = r(in) clamped to [-2^(outWidth-1), 2^(outWidth-1)).
///
/// PRIVATE  in        field element
/// OUTPUT   out       in [-2^(outWidth-1), 2^(outWidth-1)), negatives being field negatives
/// OUTPUT   negative  1 when out < 0, else 0
///
/// Constraints after full simplification, width being the digits of bound + 2^(shift-1): width + 4; width + 2 when
/// just one digit of the quotient does not fit.
template RoundedClamp(bound, shift, outWidth) {
    var half = shift > 0 ? 1 << (shift - 1) : 0;
    var width = signedWidthOf(bound + half);
    var excessDigits = width - shift - outWidth;
    assert(excessDigits >= 1);
    signal input in;
    signal output out;
    signal output negative;

    // 1. Digits of in + half + 2^(width-1): below the top one they are those of the two's complement.
    component digits = SignedBits(width);
    digits.in <== in + half;
    var nonNegative = digits.bits[width - 1];
    var low = (nonNegative - 1) * (1 << (outWidth - 1));
    for (var i = 0; i < outWidth - 1; i++) {
        low += digits.bits[shift + i] * (1 << i);
    }

    // 2. The quotient fits when the digits that the output drops are all 0, or all 1 if it is negative.
    var unlike = (nonNegative - 1) * excessDigits;
    for (var i = shift + outWidth - 1; i < width - 1; i++) {
        unlike += digits.bits[i];
    }
    signal fits;
    if (excessDigits == 1) {
        // unlike is -1, 0 or 1.
        fits <== 1 - unlike * unlike;
    } else {
        component zero = IsZero();
        zero.in <== unlike;
        fits <== zero.out;
    }

    // 3. Else the limit on its side of zero: -2^(outWidth-1) or 2^(outWidth-1) - 1.
    var limit = nonNegative * ((1 << outWidth) - 1) - (1 << (outWidth - 1));
    out <== fits * (low - limit) + limit;
    negative <== 1 - nonNegative;
}
