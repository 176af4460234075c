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
/// Constraints after full simplification: quotientWidth + 2 and those of Remainder; quotientWidth + 1
/// more for a divisor of one or two.
template DivideTruncated(quotientWidth, divisor) {
    signal input in;
    signal output out;

    // 1. The sign, which the remainder's range below leaves no choice for: with the wrong one the
    //    remainder is negative or too large. Zero has both signs and one quotient. By one or two
    //    the sign is read off the digits, since there a remainder of zero would fit both.
    signal notNegative;
    if (divisor <= 2) {
        component digits = SignedBits(quotientWidth + 2);
        digits.in <== in;
        notNegative <== digits.bits[quotientWidth + 1];
    } else {
        notNegative <-- in >= 0 ? 1 : 0;
        notNegative * (notNegative - 1) === 0;
    }

    // 2. The quotient has the sign of the input.
    signal magnitude;
    magnitude <-- (in >= 0 ? in : -in) \ divisor;
    _ <== UnsignedBits(quotientWidth)(magnitude);
    out <== (2 * notNegative - 1) * magnitude;

    // 3. Rounding a negative number toward zero is adding divisor - 1 before rounding down.
    Remainder(divisor)(in + (1 - notNegative) * (divisor - 1) - out * divisor);
}
