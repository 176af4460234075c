// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FeeSplit} from "../../../contracts/libraries/FeeSplit.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Legs} from "../../../contracts/types/Payment.sol";
import {QuorumJob, QuorumMember, QuorumState} from "../../../contracts/types/Quorum.sol";
import {ActionLog} from "../../helpers/solidity/ActionLog.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";
import {QuorumScene} from "../../helpers/solidity/QuorumWorld.sol";

/// @title QuorumMarketBooks: what the end of a round must bring, and where each job stands, kept apart from the market
/// @dev A revert inside a handler goes unnoticed, so broken promises are written down instead.
abstract contract QuorumMarketBooks is LatticeTest, ActionLog {
    /// @notice What the end of a round must bring, counted here from the members' answers.
    struct Verdict {
        uint256 winners;
        uint256 guilty;
        uint256 votes;
        Legs legs;
    }

    /// @dev Balances that the end of a round can change.
    struct Books {
        uint256 deposit;
        uint256 royalty;
        uint256 fee;
        uint256[] earnings;
        uint256[] stakes;
        uint256[] wallets;
    }

    uint256 private constant BOUNTY_PPM = 100_000;
    uint256 private constant PPM = 1_000_000;

    QuorumScene internal _scene;

    /// @notice Jobs posted; ids run from 1.
    uint256 public jobs;
    /// @notice What was broken first; empty while all promises hold.
    string public violation;

    // What should be, by the handler's own account.
    mapping(uint256 jobId => Order order) internal _orders;
    mapping(uint256 jobId => QuorumState state) public stateOf;
    mapping(uint256 jobId => uint256 times) public endings;
    mapping(uint256 jobId => bytes32 digest) public finalDigest;
    mapping(uint256 jobId => mapping(uint256 attempt => mapping(address provider => bytes32 answer))) internal _answers;

    function orderOf(uint256 jobId) public view returns (Order memory) {
        return _orders[jobId];
    }

    function lockedFor(uint256 jobId) public view returns (uint256) {
        return uint256(_orders[jobId].maxPrice) * _orders[jobId].redundancy;
    }

    function isFinal(uint256 jobId) public view returns (bool) {
        return stateOf[jobId] == QuorumState.Settled || stateOf[jobId] == QuorumState.Refunded;
    }

    // Verdicts

    function _verdictOf(
        uint256 jobId,
        Order memory order,
        QuorumJob memory job
    ) internal returns (Verdict memory verdict) {
        uint256 size = job.members.length;
        uint256 committed;
        for (uint256 i = 0; i < size; ++i) {
            if (job.members[i].committed) ++committed;
            if (!job.members[i].revealed) continue;
            uint256 agreeing = _agreeing(jobId, job, i);
            if (_bits(agreeing) * 2 > size) (verdict.winners, verdict.votes) = (agreeing, _bits(agreeing));
        }
        bool exact = order.modelVersion == _scene.versions[1];
        bool slashable = _scene.world.vault.isModule(address(_scene.world.registry), address(_scene.market));
        if (!slashable) _count("finalise, nobody can be slashed");
        for (uint256 i = 0; slashable && i < size; ++i) {
            if (_isGuilty(job.members[i], 2 * committed > size, exact, verdict.winners, i)) verdict.guilty |= 1 << i;
        }
        if (verdict.winners != 0) verdict.legs = _legsOf(order, job, verdict.winners);
    }

    function _isGuilty(
        QuorumMember memory member,
        bool revealable,
        bool exact,
        uint256 winners,
        uint256 position
    ) private returns (bool) {
        if (member.declined) return false;
        if (!member.committed) _count("slashed: not committed");
        else if (!member.revealed && revealable) _count("slashed: not revealed");
        else if (member.revealed && exact && winners != 0 && (winners >> position) & 1 == 0) {
            _count("slashed: contradicted");
        } else return false;
        return true;
    }

    function _agreeing(uint256 jobId, QuorumJob memory job, uint256 with) private view returns (uint256 mask) {
        bytes32 answer = _answers[jobId][job.attempt][job.members[with].provider];
        for (uint256 i = 0; i < job.members.length; ++i) {
            bool same = _answers[jobId][job.attempt][job.members[i].provider] == answer;
            if (job.members[i].revealed && same) mask |= 1 << i;
        }
    }

    function _legsOf(Order memory order, QuorumJob memory job, uint256 winners) private view returns (Legs memory sum) {
        uint256 royaltyPpm = _scene.world.models.termsOf(order.modelVersion).royaltyPpm;
        for (uint256 i = 0; i < job.members.length; ++i) {
            if ((winners >> i) & 1 == 0) {
                sum.refund += order.maxPrice;
                continue;
            }
            Legs memory legs = FeeSplit.split(job.members[i].price, order.maxPrice, royaltyPpm, job.protocolFeePpm);
            sum.provider += legs.provider;
            sum.publisher += legs.publisher;
            sum.fee += legs.fee;
            sum.refund += legs.refund;
        }
    }

    // Books

    function _booksOf(Order memory order, QuorumMember[] memory members) internal view returns (Books memory books) {
        books.deposit = _scene.world.escrow.accountOf(order.requester, order.paymentToken).deposit;
        books.royalty = _earned(_scene.world.royaltyRecipient);
        books.fee = _earned(_scene.world.treasury);
        books.earnings = new uint256[](members.length);
        books.stakes = new uint256[](members.length);
        books.wallets = new uint256[](members.length);
        for (uint256 i = 0; i < members.length; ++i) {
            address provider = members[i].provider;
            address payout = _scene.world.registry.payoutOf(provider);
            books.earnings[i] = _earned(payout);
            books.stakes[i] = _stakeOf(provider);
            books.wallets[i] = _scene.world.lat.balanceOf(provider) + _scene.world.lat.balanceOf(payout);
        }
    }

    function _expectPaid(
        Verdict memory verdict,
        Books memory before,
        Books memory later,
        QuorumJob memory job
    ) internal {
        uint256 earned;
        for (uint256 i = 0; i < job.members.length; ++i) {
            uint256 gain = later.earnings[i] - before.earnings[i];
            _expect((gain != 0) == ((verdict.winners >> i) & 1 != 0), "exactly the majority earns");
            earned += gain;
        }
        _expect(earned == verdict.legs.provider, "PAY-2: providers' legs");
        _expect(later.royalty - before.royalty == verdict.legs.publisher, "PAY-2: royalty");
        _expect(later.fee - before.fee == verdict.legs.fee, "PAY-2: fee");
        _expect(later.deposit - before.deposit == verdict.legs.refund, "PAY-2: refund");
    }

    function _expectSlashed(
        uint256 guilty,
        Books memory before,
        Books memory later,
        QuorumJob memory job,
        uint256 collateral,
        address reporter
    ) internal {
        uint256 bounty = (collateral * BOUNTY_PPM) / PPM;
        for (uint256 i = 0; i < job.members.length; ++i) {
            bool slashed = (guilty >> i) & 1 != 0;
            uint256 lost = before.stakes[i] - later.stakes[i];
            _expect(lost == (slashed ? collateral : 0), "SLA-1, SLA-4: a slash takes the guilty's collateral");
            address provider = job.members[i].provider;
            bool reports = reporter == provider || reporter == _scene.world.registry.payoutOf(provider);
            uint256 others = _bits(guilty) - (slashed ? 1 : 0);
            _expect(
                later.wallets[i] - before.wallets[i] == (reports ? others * bounty : 0),
                "SLA-3: a slashed provider's own addresses gained by its slash"
            );
        }
    }

    // Records

    /// @dev The job must now be in `state`; a final one is remembered whole.
    function _arrive(uint256 jobId, QuorumState state) internal {
        QuorumJob memory job = _scene.market.jobOf(jobId);
        _expect(job.state == state, "SM-1: the market is in another state");
        stateOf[jobId] = state;
        if (isFinal(jobId)) {
            ++endings[jobId];
            finalDigest[jobId] = keccak256(abi.encode(job));
        }
    }

    function _arriveAmong(uint256 jobId, QuorumState one, QuorumState other) internal {
        QuorumState state = _scene.market.jobOf(jobId).state;
        _arrive(jobId, state == other ? other : one);
    }

    function _expect(bool condition, string memory what) internal {
        if (!condition && bytes(violation).length == 0) violation = what;
    }

    function _saltOf(address member) internal pure returns (bytes32) {
        return keccak256(abi.encode("salt", member));
    }

    function _stakeOf(address provider) internal view returns (uint256) {
        return _scene.world.vault.provisionOf(provider, address(_scene.world.registry)).tokens;
    }

    function _earned(address owner) private view returns (uint256) {
        return _scene.world.escrow.accountOf(owner, address(_scene.world.lat)).earnings;
    }

    function _bits(uint256 mask) private pure returns (uint256 bits) {
        for (; mask != 0; mask >>= 1) bits += mask & 1;
    }
}
