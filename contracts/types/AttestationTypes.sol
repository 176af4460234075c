// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title AttestationTypes: what attestors say of machines, and what classes ask of them

/// @notice What a class of machines must have. Zero asks for nothing in that respect.
/// @param accelerator Bit mask, as in Capabilities; one of the bits is enough.
/// @param executionProviders Bit mask of runtimes: 1 CPU, 2 CUDA, 4 TensorRT, 8 ROCm, 16 OpenVINO, 32 DirectML,
/// 64 CoreML, 128 WebGPU; one of the bits is enough.
/// @param memoryMiB Least memory of a run, MiB.
/// @param maxTensorBytes The largest tensor that it must accept, bytes.
/// @param tiers Bit mask, bit i is Tier(i); all of them are needed.
struct ClassRequirements {
    uint16 accelerator;
    uint16 executionProviders;
    uint32 memoryMiB;
    uint64 maxTensorBytes;
    uint8 tiers;
}

/// @notice The data of an attestation, as its schema lays it out; units and masks as in ClassRequirements.
/// @param evidence Hash of what the attestor looked at: a report, a benchmark's output, a quote of the hardware.
struct AttestedCapabilities {
    uint16 accelerator;
    uint16 executionProviders;
    uint32 memoryMiB;
    uint64 maxTensorBytes;
    uint8 tiers;
    bytes32 evidence;
}

/// @notice The attestation by which a provider holds a class. The first two members are what assignment reads.
/// @param attestor Who attested.
/// @param expiresAt Unix seconds from which it no longer counts; zero when the provider presented none.
/// @param uid Its id in the Ethereum Attestation Service.
struct HeldAttestation {
    address attestor;
    uint64 expiresAt;
    bytes32 uid;
}
