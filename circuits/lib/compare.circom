pragma circom 2.1.9;

include "range.circom";

// Statement: `out` is the larger (Larger) or smaller (Smaller) of two integers.
// Not proved: the ranges of the operands themselves, only that of their difference.
// Assumptions: both are integers whose difference is in [-2^(width-1), 2^(width-1)); the
// difference is range-checked here, so a false assumption makes the proof impossible, not wrong.
// Constraints after full simplification: width + 1 for each template.

/// PRIVATE  a, b  field elements
/// OUTPUT   out   max(a, b)
template Larger(width) {
    signal input a;
    signal input b;
    signal output out;

    // 1. The top digit of the difference says which one is larger.
    component difference = SignedBits(width);
    difference.in <== a - b;

    // 2. Choose it.
    out <== difference.bits[width - 1] * (a - b) + b;
}

/// PRIVATE  a, b  field elements
/// OUTPUT   out   min(a, b)
template Smaller(width) {
    signal input a;
    signal input b;
    signal output out;

    // 1. The sum of two numbers is that of the larger and the smaller.
    component larger = Larger(width);
    larger.a <== a;
    larger.b <== b;
    out <== a + b - larger.out;
}

/// LargestOf(width, count): the largest of `count` integers, any two of which differ by less than
/// 2^(width-1). Constraints after full simplification: (count - 1) · (width + 1).
///
/// PRIVATE  in[count]  field elements
/// OUTPUT   out        max(in[0], …, in[count - 1])
template LargestOf(width, count) {
    assert(count >= 1);
    signal input in[count];
    signal output out;

    // 1. Carry the largest so far along the list.
    signal largest[count];
    component larger[count];
    largest[0] <== in[0];
    for (var i = 1; i < count; i++) {
        larger[i] = Larger(width);
        larger[i].a <== in[i];
        larger[i].b <== largest[i - 1];
        largest[i] <== larger[i].out;
    }
    out <== largest[count - 1];
}

/// ArgMaxOf(width, count): position of the largest of `count` integers, any two of which differ by
/// less than 2^(width-1); the first position when several are equal.
/// Constraints after full simplification: (count - 1) · (width + 2) - 2 for count ≥ 2.
///
/// PRIVATE  in[count]  field elements
/// OUTPUT   out        in [0, count)
template ArgMaxOf(width, count) {
    assert(count >= 1);
    signal input in[count];
    signal output out;

    // 1. Carry the largest so far and its position along the list; the earlier of equals stays.
    //    Nobody needs the largest of all.
    signal largest[count > 1 ? count - 1 : 1];
    signal position[count];
    component difference[count];
    largest[0] <== in[0];
    position[0] <== 0;
    for (var i = 1; i < count; i++) {
        difference[i] = SignedBits(width);
        difference[i].in <== largest[i - 1] - in[i];
        var stays = difference[i].bits[width - 1];
        position[i] <== stays * (position[i - 1] - i) + i;
        if (i < count - 1) {
            largest[i] <== stays * (largest[i - 1] - in[i]) + in[i];
        }
    }
    out <== position[count - 1];
}
