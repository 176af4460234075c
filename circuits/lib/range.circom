pragma circom 2.1.9;

// Statement: a field element is an integer of a known width, and these are its bits.
// Not proved: anything about where the element comes from.
// Assumptions: width ≤ 252, so that 2^width stays below half the BN254 scalar field and no second
// bit pattern gives the same element.
// Constraints after full simplification: width for each template, and one more for a circuit whose
// own outputs are the digits.

/// UnsignedBits(width): `in` is in [0, 2^width).
///
/// PRIVATE  in           field element
/// OUTPUT   bits[width]  its binary digits, least significant first
template UnsignedBits(width) {
    assert(width >= 1 && width <= 252);
    signal input in;
    signal output bits[width];

    // 1. Every digit is 0 or 1.
    // 2. The digits add up to the input.
    var sum = 0;
    for (var i = 0; i < width; i++) {
        bits[i] <-- (in >> i) & 1;
        bits[i] * (bits[i] - 1) === 0;
        sum += bits[i] * (1 << i);
    }
    sum === in;
}

/// SignedBits(width): `in` is in [-2^(width-1), 2^(width-1)), negatives being field negatives.
///
/// PRIVATE  in           field element
/// OUTPUT   bits[width]  digits of in + 2^(width-1); the top one is 1 exactly when in ≥ 0
template SignedBits(width) {
    assert(width >= 1 && width <= 252);
    signal input in;
    signal output bits[width];

    // 1. Shifting by half the range makes the value unsigned.
    component digits = UnsignedBits(width);
    digits.in <== in + (1 << (width - 1));
    bits <== digits.bits;
}
