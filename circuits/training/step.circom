pragma circom 2.1.9;

include "commitment.circom";
include "dataset.circom";
include "layers.circom";
include "poseidon.circom";
include "range.circom";
include "rounding.circom";

/// TrainingStep(inputs, hidden, classes, batch, depth, rateShift): one step of integer gradient descent on an MLP
/// inputs-hidden-classes with ReLU and squared error, from one committed state to the next.
///
/// Statement: there are parameters committed to by C(t) and a batch, which is the leaf (t mod batches) of a data set's
/// tree, such that inputCommitment binds C(t), the run (data set's root, hyperparameters, number of batches) and t, and
/// outputCommitment commits to the parameters after the step. The step is exact: docs/guide/training.md defines it,
/// packages/zkml/src/training/sgd.ts computes it.
/// Not proved: anything about other steps; that the loss falls; that the data set is any good.
/// Not hidden: commitments of states or batches that can be guessed.
/// Assumptions: none on the prover. Every input is range-checked; every width follows from the bounds below.
/// Public signals, in this order: context, inputCommitment, outputCommitment.
///
/// inputs, hidden, classes  sizes of the layers, each ≥ 2; at most 256 classes
/// batch                    examples of a step, ≥ 2
/// depth                    levels of the data set's tree, 1 to 32
/// rateShift                the learning rate is batch · 2^-rateShift of the mean gradient
///
/// Fractions of 2^-k: inputs k = 8 (uint8), parameters 12 (int16), activations 6 (uint8), errors 8 (10 bits), deltas 8
/// (12 bits). A bias multiplies 1, which is 2^8 among inputs and 2^6 among activations.
/// Constraints after full simplification: see circuits.json.
template TrainingStep(inputs, hidden, classes, batch, depth, rateShift) {
    assert(classes <= 256); // a label is one byte of the batch's commitment
    assert(depth <= 32); // the number of batches stays below the run's tag
    var firstCount = hidden * (inputs + 1);
    var lastCount = classes * (hidden + 1);
    var firstBound = (inputs * 255 + 256) * (1 << 15);
    var lastBound = (hidden * 255 + 64) * (1 << 15);

    // PRIVATE
    signal input contextIn; // carried to the public signal context
    signal input parameters[firstCount + lastCount]; // both layers; of each unit the weights, then the bias
    signal input pixels[batch * inputs]; // the examples, one after another
    signal input labels[batch];
    signal input step; // t
    signal input batches; // of the data set
    signal input siblings[depth]; // the batch's path in the data set's tree, from the leaves up

    // OUTPUT, public
    signal output context; // what the proof is bound to: chain, market, order, provider, model version
    signal output inputCommitment; // Poseidon(C(t), run, t)
    signal output outputCommitment; // C(t + 1)

    // 0. Carry the context. The square keeps it inside a multiplication of its own.
    context <== contextIn;
    signal contextSquared <== context * context;

    // 1. The state: int16 parameters. 5 is int16 in ONNX.
    signal before[firstCount + lastCount];
    for (var i = 0; i < firstCount + lastCount; i++) {
        before[i] <== TwosComplement(16, 16)(parameters[i]);
    }
    signal state <== TensorCommitment(5, 2, firstCount + lastCount)(before);

    // 2. The batch: uint8 pixels and labels below classes, as one uint8 tensor.
    signal data[batch * (inputs + 1)];
    signal targets[batch][classes];
    for (var i = 0; i < batch * inputs; i++) {
        _ <== UnsignedBits(8)(pixels[i]);
        data[i] <== pixels[i];
    }
    for (var n = 0; n < batch; n++) {
        targets[n] <== OneHot(classes)(labels[n]);
        data[batch * inputs + n] <== labels[n];
    }
    signal leaf <== TensorCommitment(2, 1, batch * (inputs + 1))(data);

    // 3. The run: the batch is the one of this step in the data set with this root. The tag is ASCII.
    signal index[depth] <== BatchOfStep(depth)(step, batches);
    signal root <== MerkleRoot(depth)(leaf, index, siblings);
    signal hyperparameters <== Poseidon(7)(
        [0x6c6174746963652e747261696e696e672e7631, inputs, hidden, classes, batch, depth, rateShift]
    );
    var runTag = 0x6c6174746963652e747261696e696e672e72756e * (1 << 64);
    signal run <== Poseidon(3)([root, hyperparameters, runTag + batches]);
    inputCommitment <== Poseidon(3)([state, run, step]);

    // 4. Forward.
    signal first[firstCount];
    signal last[lastCount];
    for (var i = 0; i < firstCount; i++) {
        first[i] <== parameters[i];
    }
    for (var i = 0; i < lastCount; i++) {
        last[i] <== parameters[firstCount + i];
    }
    signal sums[batch * hidden] <== Dense(batch, inputs, hidden, 256)(pixels, first);
    signal activations[batch * hidden];
    signal active[batch * hidden];
    for (var i = 0; i < batch * hidden; i++) {
        (activations[i], active[i]) <== RoundedRelu(firstBound, 14, 8)(sums[i]);
    }
    signal outputs[batch * classes] <== Dense(batch, hidden, classes, 64)(activations, last);

    // 5. Errors: target less output, which is the negative gradient of half the squared error; clamped, it is that of a
    //    Huber loss. Products have 18 fraction bits.
    signal errors[batch * classes];
    for (var n = 0; n < batch; n++) {
        for (var k = 0; k < classes; k++) {
            var at = n * classes + k;
            (errors[at], _) <== RoundedClamp(lastBound + (1 << 18), 10, 10)(targets[n][k] * (1 << 18) - outputs[at]);
        }
    }

    // 6. Backward, through the ReLU where it was active.
    signal back[batch * hidden] <== Backward(batch, hidden, classes)(errors, last);
    signal clamped[batch * hidden];
    signal deltas[batch * hidden];
    for (var i = 0; i < batch * hidden; i++) {
        (clamped[i], _) <== RoundedClamp(classes * (1 << 24), 12, 12)(back[i]);
        deltas[i] <== active[i] * clamped[i];
    }

    // 7. The new state. Products have 16 and 14 fraction bits, parameters 12. Clamping keeps the sign, so the digit
    //    that rounding gave it makes the two's complement without another range check.
    signal firstNext[firstCount];
    signal firstNegative[firstCount];
    (firstNext, firstNegative) <== Update(batch, inputs, hidden, 256, 1 << 11, 4 + rateShift)(pixels, deltas, first);
    signal lastNext[lastCount];
    signal lastNegative[lastCount];
    (lastNext, lastNegative) <== Update(batch, hidden, classes, 64, 1 << 9, 2 + rateShift)(activations, errors, last);
    signal after[firstCount + lastCount];
    for (var i = 0; i < firstCount; i++) {
        after[i] <== firstNext[i] + firstNegative[i] * (1 << 16);
    }
    for (var i = 0; i < lastCount; i++) {
        after[firstCount + i] <== lastNext[i] + lastNegative[i] * (1 << 16);
    }
    outputCommitment <== TensorCommitment(5, 2, firstCount + lastCount)(after);
}
