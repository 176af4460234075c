// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title AskHistory: what a provider asked for a job, epoch by epoch
/// @notice The same delay as in SumTree: an ask written in epoch c counts from epoch c + 2, and the epochs c − 1, c
/// and c + 1 keep what they had.
library AskHistory {
    /// @dev Two slots. Values 0 to 3 are those of epochs base − 1, base, base + 1, and base + 2 onwards.
    /// @param base Epoch of the last write.
    /// @param offered Bit i: value i is an offer.
    struct History {
        uint40 base;
        uint8 offered;
        uint96 ask0;
        uint96 ask1;
        uint96 ask2;
        uint96 ask3;
    }

    /// @notice The asks of `epoch` are forgotten; they are known from epoch `oldest` on.
    error AskHistoryExpired(uint256 epoch, uint256 oldest);

    /// @notice Writes, in epoch `epoch`, what counts from epoch `epoch` + 2 on.
    /// @param epoch Not before the epoch of the last write.
    /// @param ask Smallest units of the payment token a job; zero when nothing is offered.
    function set(History storage self, uint256 epoch, bool offered, uint96 ask) internal {
        History memory old = self;
        uint256 age = epoch - old.base;
        History memory rebased;
        // 2^40 epochs of one second are 34 000 years.
        rebased.base = uint40(epoch);
        rebased.offered = _bit(offered, 3);
        rebased.ask3 = ask;
        bool was;
        (was, rebased.ask0) = _value(old, age);
        rebased.offered |= _bit(was, 0);
        (was, rebased.ask1) = _value(old, age + 1);
        rebased.offered |= _bit(was, 1);
        (was, rebased.ask2) = _value(old, age + 2);
        rebased.offered |= _bit(was, 2);
        self.base = rebased.base;
        self.offered = rebased.offered;
        (self.ask0, self.ask1) = (rebased.ask0, rebased.ask1);
        (self.ask2, self.ask3) = (rebased.ask2, rebased.ask3);
    }

    /// @notice What counts in `epoch`.
    function at(History storage self, uint256 epoch) internal view returns (bool offered, uint96 ask) {
        uint256 base = self.base;
        if (epoch + 1 < base) revert AskHistoryExpired(epoch, base - 1);
        return _value(self, epoch + 1 - base);
    }

    /// @notice True when what was written last is an offer.
    function isOffered(History storage self) internal view returns (bool) {
        return self.offered & 8 != 0;
    }

    function _value(History memory history, uint256 position) private pure returns (bool offered, uint96 ask) {
        if (position == 0) return (history.offered & 1 != 0, history.ask0);
        if (position == 1) return (history.offered & 2 != 0, history.ask1);
        if (position == 2) return (history.offered & 4 != 0, history.ask2);
        return (history.offered & 8 != 0, history.ask3);
    }

    function _bit(bool flag, uint256 position) private pure returns (uint8) {
        // Positions are below 4.
        return flag ? uint8(1 << position) : 0;
    }
}
