pragma circom 2.1.9;

include "range.circom";

// Statement: `out` is `in` divided by 2^shift, rounded as stated by each template.
// Not proved: division by anything that is not a power of two; the generator refuses it.
// Assumptions: the divisor is a positive constant, so it is never zero.

/// DivideUnsigned(width, shift): floor(in / 2^shift) for in in [0, 2^width).
///
/// PRIVATE  in   field element; the range is proved here
/// OUTPUT   out  in [0, 2^(width-shift))
///
/// Constraints after full simplification: width.
template DivideUnsigned(width, shift) {
    assert(shift >= 0 && shift < width);
    signal input in;
    signal output out;

    // 1. The digits above the shift are the quotient; those below are dropped.
    component digits = UnsignedBits(width);
    digits.in <== in;
    var quotient = 0;
    for (var i = shift; i < width; i++) {
        quotient += digits.bits[i] * (1 << (i - shift));
    }
    out <== quotient;
}

/// DivideTruncated(width, shift): in / 2^shift toward zero for in in [-2^(width-1), 2^(width-1)).
///
/// PRIVATE  in   field element; the range is proved here
/// OUTPUT   out  in (-2^(width-1-shift), 2^(width-1-shift)], negatives being field negatives
///
/// Constraints after full simplification: 2 · width.
template DivideTruncated(width, shift) {
    assert(shift >= 0 && shift <= width - 2);
    signal input in;
    signal output out;

    // 1. The sign of the input.
    component sign = SignedBits(width);
    sign.in <== in;

    // 2. Rounding a negative number toward zero is adding 2^shift - 1 before rounding down.
    component digits = SignedBits(width);
    digits.in <== in + (1 - sign.bits[width - 1]) * ((1 << shift) - 1);

    // 3. The digits carry an offset of 2^(width-1), which divides exactly.
    var quotient = 0;
    for (var i = shift; i < width; i++) {
        quotient += digits.bits[i] * (1 << (i - shift));
    }
    out <== quotient - (1 << (width - 1 - shift));
}
