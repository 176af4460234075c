pragma circom 2.1.9;

include "poseidon.circom";
include "range.circom";

/// TwosComplement(width, bits): the unsigned word of `bits` digits that stores a signed integer.
///
/// Statement: out = in when in ≥ 0, else in + 2^bits.
/// Assumptions: none; in in [-2^(width-1), 2^(width-1)) is proved here, and width ≤ bits.
/// Constraints after full simplification: width.
///
/// PRIVATE  in   field element, negatives being field negatives
/// OUTPUT   out  in [0, 2^bits)
template TwosComplement(width, bits) {
    assert(width <= bits);
    signal input in;
    signal output out;

    // 1. The top digit is 1 exactly when the integer is not negative.
    component digits = SignedBits(width);
    digits.in <== in;
    out <== in + (1 - digits.bits[width - 1]) * (1 << bits);
}

/// TensorCommitment(elementType, elementBytes, count): Poseidon commitment of a tensor.
///
/// Statement: out commits to the element type, the number of elements and every element in
/// row-major order. The shape is not bound: the model fixes it.
/// Not proved: hiding. A tensor with few possible values can be guessed from its commitment.
/// Assumptions: each word is in [0, 2^(8·elementBytes)). THE CALLER MUST HAVE RANGE-CHECKED THEM:
/// otherwise two tensors can pack into the same chunks and the commitment binds nothing.
/// Constraints after full simplification: those of the Poseidon calls below.
///
/// elementType   number of the ONNX TensorProto.DataType: uint8 2, int8 3, int32 6
/// elementBytes  1 or 4
/// count         number of elements, ≥ 1
///
/// PRIVATE  words[count]  elements as unsigned little-endian two's complement words
/// OUTPUT   out           field element
///
/// Definition. p = floor(31 / elementBytes) words make a chunk, the last one possibly shorter:
///   chunk[j] = Σ words[j·p + k] · 2^(8·elementBytes·k)                                  (< 2^248)
///   state    = ASCII("lattice.tensor.v1") · 2^96 + elementType · 2^64 + count
///   for each group of 15 chunks, the last one possibly shorter:
///     state  = Poseidon(state, chunk, chunk, …)        with circomlib's parameters for that arity
///   out      = state
/// The tag fixes the number of chunks and so every arity, which is why nothing is padded.
template TensorCommitment(elementType, elementBytes, count) {
    assert(elementBytes >= 1 && elementBytes <= 31 && count >= 1);
    signal input words[count];
    signal output out;

    // 1. Pack words into chunks.
    var perChunk = 31 \ elementBytes;
    var chunkCount = (count + perChunk - 1) \ perChunk;
    signal chunks[chunkCount];
    for (var j = 0; j < chunkCount; j++) {
        var chunk = 0;
        for (var k = 0; k < perChunk; k++) {
            if (j * perChunk + k < count) {
                chunk += words[j * perChunk + k] * (1 << (8 * elementBytes * k));
            }
        }
        chunks[j] <== chunk;
    }

    // 2. Fold the chunks into the tag.
    var tag = 0x6c6174746963652e74656e736f722e7631 * (1 << 96) + elementType * (1 << 64) + count;
    var groupCount = (chunkCount + 14) \ 15;
    signal states[groupCount + 1];
    component hashes[groupCount];
    states[0] <== tag;
    for (var g = 0; g < groupCount; g++) {
        var size = chunkCount - 15 * g;
        if (size > 15) {
            size = 15;
        }
        hashes[g] = Poseidon(size + 1);
        hashes[g].inputs[0] <== states[g];
        for (var k = 0; k < size; k++) {
            hashes[g].inputs[k + 1] <== chunks[15 * g + k];
        }
        states[g + 1] <== hashes[g].out;
    }
    out <== states[groupCount];
}
