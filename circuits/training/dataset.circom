pragma circom 2.1.9;

include "commitment.circom";
include "poseidon.circom";
include "range.circom";

/// OneHot(classes): a label as a row with a single 1.
///
/// Statement: label is in [0, classes) and out[k] = 1 exactly when k = label.
/// Constraints after full simplification: classes; two more for a circuit whose own outputs are the entries.
///
/// PRIVATE  label
/// OUTPUT   out[classes]
template OneHot(classes) {
    signal input label;
    signal output out[classes];

    // 1. Every entry is 0 or 1, they add up to 1, and their places to the label.
    var sum = 0;
    var place = 0;
    for (var k = 0; k < classes; k++) {
        out[k] <-- label == k ? 1 : 0;
        out[k] * (out[k] - 1) === 0;
        sum += out[k];
        place += k * out[k];
    }
    sum === 1;
    place === label;
}

/// BatchOfStep(depth): which batch of a data set a step takes.
///
/// Statement: batches ≥ 1, index = step mod batches, and index < 2^depth.
/// Assumptions: none; steps from 2^32 · batches on have no proof. With more batches than the tree has leaves, which no
/// run should have, only steps whose index is in [batches - 2^depth, 2^depth) have one.
/// Constraints after full simplification: 2 · depth + 33.
///
/// PRIVATE  step, batches
/// OUTPUT   bits[depth]  binary digits of index, least significant first
template BatchOfStep(depth) {
    signal input step;
    signal input batches;
    signal output bits[depth];

    // 1. step = epoch · batches + index.
    signal epoch;
    epoch <-- step \ batches;
    component epochDigits = UnsignedBits(32);
    epochDigits.in <== epoch;
    signal passed;
    passed <== epoch * batches;

    // 2. 0 ≤ index < batches: index has depth digits and so has batches - 1 - index. Nothing wraps: batches are fewer
    //    than 2^(depth + 1) by that.
    component digits = UnsignedBits(depth);
    digits.in <== step - passed;
    component rest = UnsignedBits(depth);
    rest.in <== batches - 1 - (step - passed);
    bits <== digits.bits;
}

/// MerkleRoot(depth): root of a Poseidon tree from a leaf and its path.
///
/// Statement: out is the root of the tree of 2^depth leaves that has `leaf` at the index with these digits.
/// Assumptions: each bit is 0 or 1.
/// Constraints after full simplification: 241 a level.
///
/// PRIVATE  leaf, bits[depth] (least significant first), siblings[depth] (from the leaves up)
/// OUTPUT   out
template MerkleRoot(depth) {
    signal input leaf;
    signal input bits[depth];
    signal input siblings[depth];
    signal output out;
    signal nodes[depth + 1];
    signal left[depth];
    component hashes[depth];
    nodes[0] <== leaf;
    for (var i = 0; i < depth; i++) {
        left[i] <== nodes[i] + bits[i] * (siblings[i] - nodes[i]);
        hashes[i] = Poseidon(2);
        hashes[i].inputs[0] <== left[i];
        hashes[i].inputs[1] <== nodes[i] + siblings[i] - left[i];
        nodes[i + 1] <== hashes[i].out;
    }
    out <== nodes[depth];
}
