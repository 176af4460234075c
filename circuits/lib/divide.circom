pragma circom 2.1.9;

include "range.circom";

// Statement: `out` is `in` divided by a constant, rounded as stated by each template.
// Not proved: division by a value that is computed; the generator refuses it.
// Assumptions: divisor ≥ 1 and divisor · 2^quotientWidth < 2^251, so that no product wraps the
// field and quotient and remainder are unique.
//
// w below is the least width with divisor ≤ 2^w. A power of two needs one check of the remainder,
// any other divisor two: that it is not negative and that it does not reach the divisor.

/// Remainder(divisor): `in` is in [0, divisor).
/// Constraints after full simplification: w for a power of two, else 2 · w.
///
/// PRIVATE  in  field element
template Remainder(divisor) {
    assert(divisor >= 1);
    signal input in;

    // 1. Not negative, and below the next power of two.
    var width = 0;
    while ((1 << width) < divisor) {
        width++;
    }
    if (width == 0) {
        in === 0;
    } else {
        _ <== UnsignedBits(width)(in);
    }

    // 2. Below the divisor.
    if ((1 << width) != divisor) {
        _ <== UnsignedBits(width)(divisor - 1 - in);
    }
}

/// DivideUnsigned(quotientWidth, divisor): floor(in / divisor) for in in
/// [0, divisor · 2^quotientWidth).
///
/// PRIVATE  in   field element; the range is proved here
/// OUTPUT   out  in [0, 2^quotientWidth)
///
/// Constraints after full simplification: quotientWidth and those of Remainder.
template DivideUnsigned(quotientWidth, divisor) {
    signal input in;
    signal output out;

    // 1. in = out · divisor + remainder, both in their ranges.
    out <-- in \ divisor;
    _ <== UnsignedBits(quotientWidth)(out);
    Remainder(divisor)(in - out * divisor);
}

/// DivideTruncated(quotientWidth, divisor): in / divisor toward zero for |in| <
/// divisor · 2^quotientWidth.
///
/// PRIVATE  in   field element; the range is proved here
/// OUTPUT   out  in (-2^quotientWidth, 2^quotientWidth), negatives being field negatives
///
/// Constraints after full simplification: quotientWidth + 3 and those of Remainder.
template DivideTruncated(quotientWidth, divisor) {
    signal input in;
    signal output out;

    // 1. The sign: 1 for zero, which has no inverse, and for whatever is positive. The remainder's
    //    range below leaves a number that is not zero no choice: with the wrong sign the remainder
    //    is negative or too large. The inverse of what is not negative is zero, so that every
    //    statement has one witness; both lines together make the sign 0 or 1.
    signal notNegative;
    signal inverse;
    notNegative <-- in >= 0 ? 1 : 0;
    inverse <-- in >= 0 ? 0 : 1 / in;
    in * inverse === 1 - notNegative;
    notNegative * inverse === 0;

    // 2. The quotient has the sign of the input.
    signal magnitude;
    magnitude <-- (in >= 0 ? in : -in) \ divisor;
    _ <== UnsignedBits(quotientWidth)(magnitude);
    out <== (2 * notNegative - 1) * magnitude;

    // 3. Rounding a negative number toward zero is adding divisor - 1 before rounding down.
    Remainder(divisor)(in + (1 - notNegative) * (divisor - 1) - out * divisor);
}
