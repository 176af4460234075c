// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {DisputedResult} from "../types/Dispute.sol";

/// @title IClaimReader: bonded results of one lane in the words of the dispute game
/// @notice A claim is what a lane needs to be shown to recognise one of its results, ABI-encoded: the order of a job; a batch
/// record, an order, its result and its place in the batch; a voucher, a job's result and its place in the session. Each
/// reader says which.
/// @dev Governance names a reader for each lane that the game judges. It holds no funds and has no state.
interface IClaimReader {
    /// @notice Which result `claim` names, what its market holds with it, and who answers for it. Whether the market still
    /// has it open is not asked: disputes must end whatever became of it.
    function identify(
        address market,
        bytes calldata claim
    ) external view returns (bytes32 subject, bytes32 hold, address provider);

    /// @notice The result that `claim` names, as its market stores it now. Reverts when there is none that is open.
    function read(address market, bytes calldata claim) external view returns (DisputedResult memory result);

    /// @notice The call of the market that takes the collateral behind the result, pays `reporter` its bounty and refunds
    /// what is still locked; empty when there is nothing left to take. The market takes it from the game alone.
    function punishment(
        address market,
        bytes calldata claim,
        address reporter
    ) external view returns (bytes memory call);

    /// @notice Who may demand the input of the unfinished job that `claim` names, its root and where it is held, and until when
    /// (Unix seconds) the result is due. Reverts when the lane has no such jobs, or the job does not wait for its provider.
    function readInput(
        address market,
        bytes calldata claim
    ) external view returns (bytes32 subject, bytes32 hold, address provider, bytes32 inputRoot, uint256 dueAt);

    /// @notice The call of the market that lets the job go on after its input was published, or ends it in the provider's
    /// favour when nobody did.
    /// @param demandedAt Unix seconds since which the job waited.
    function inputOutcome(
        address market,
        bytes calldata claim,
        bool published,
        uint256 demandedAt
    ) external view returns (bytes memory call);
}
