// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IPaymentEscrow: custody of payment tokens
/// @notice A requester deposits, and allows markets to lock from its deposit. A market can pay out only what it
/// locked itself. Earnings are withdrawable at once; deposits after a thaw, so that promises signed against them hold.
interface IPaymentEscrow {
    /// @param deposit Spendable by allowed markets; leaves through a thaw.
    /// @param earnings Withdrawable at once.
    /// @param thawing On its way out; not spendable by markets.
    /// @param thawingUntil Unix seconds at which `thawing` may be withdrawn; zero when nothing thaws.
    struct Account {
        uint128 deposit;
        uint128 earnings;
        uint128 thawing;
        uint64 thawingUntil;
    }

    /// @notice One payee of locked funds. `toDeposit` returns to the deposit, otherwise it is earned.
    struct Leg {
        address recipient;
        uint128 amount;
        bool toDeposit;
    }

    /// @notice `amount` entered the deposit of `owner`, paid by `payer`.
    event EscrowDeposited(address indexed owner, address indexed token, address indexed payer, uint256 amount);
    /// @notice `amount` of the deposit started to thaw; everything thawing is free at `until` (Unix seconds).
    event EscrowThawStarted(address indexed owner, address indexed token, uint256 amount, uint256 until);
    /// @notice `amount` returned from the thaw to the deposit.
    event EscrowThawCancelled(address indexed owner, address indexed token, uint256 amount);
    /// @notice `amount` left the escrow to `to`.
    event EscrowWithdrawn(address indexed owner, address indexed token, address indexed to, uint256 amount);
    /// @notice `owner` allowed or forbade `market` to lock from its deposits.
    event EscrowMarketSet(address indexed owner, address indexed market, bool allowed);
    /// @notice `market` locked `amount` of the deposit of `owner`.
    event EscrowLocked(address indexed market, address indexed owner, address indexed token, uint256 amount);
    /// @notice `market` locked multiples of `unit` of many deposits at once. Entry i of `locks` is an owner in its upper
    /// 160 bits and a number of units in its lower 96, of which `missing[i]` were not locked; `missing` is empty when
    /// all were.
    event EscrowUnitsLocked(
        address indexed market,
        address indexed token,
        uint256 unit,
        uint256[] locks,
        uint256[] missing
    );
    /// @notice `market` paid these legs out of what it had locked.
    event EscrowPaid(address indexed market, address indexed token, Leg[] legs);

    /// @notice The amount is zero.
    error PaymentEscrowZeroAmount();
    /// @notice The recipient is the zero address.
    error PaymentEscrowZeroRecipient();
    /// @notice The amount does not fit 128 bits.
    error PaymentEscrowAmountTooLarge(uint256 amount);
    /// @notice The token moved another amount than asked: fee-on-transfer and rebasing tokens are refused.
    error PaymentEscrowTransferMismatch(address token, uint256 expected, uint256 received);
    /// @notice `owner` has not allowed the calling market.
    error PaymentEscrowMarketNotAllowed(address owner, address market);
    /// @notice The deposit is smaller than needed.
    error PaymentEscrowInsufficientDeposit(address owner, address token, uint256 deposit, uint256 needed);
    /// @notice Earnings are smaller than asked.
    error PaymentEscrowInsufficientEarnings(address owner, address token, uint256 earnings, uint256 needed);
    /// @notice Less is thawing than asked.
    error PaymentEscrowInsufficientThawing(address owner, address token, uint256 thawing, uint256 needed);
    /// @notice The thaw ends at `until`.
    error PaymentEscrowStillThawing(address owner, address token, uint256 until);
    /// @notice Nothing has thawed.
    error PaymentEscrowNothingToWithdraw(address owner, address token);
    /// @notice The market pays more than it has locked.
    error PaymentEscrowInsufficientLocked(address market, address token, uint256 locked, uint256 needed);

    /// @notice Deposits `amount` of `token` for `owner`, paid by the caller. Needs an allowance.
    function deposit(address token, address owner, uint256 amount) external;

    /// @notice Sets the allowance by EIP-2612, then deposits for the caller. An allowance that is already there is enough.
    function depositWithPermit(address token, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Allows or forbids `market` to lock from the caller's deposits. Does not touch what is locked.
    function setMarket(address market, bool allowed) external;

    /// @notice Starts to thaw `amount` of the caller's deposit. Adding to a running thaw restarts its clock.
    function thaw(address token, uint128 amount) external;

    /// @notice Returns `amount` of thawing funds to the deposit.
    function cancelThaw(address token, uint128 amount) external;

    /// @notice Pays all thawed funds of the caller to `to`. Never paused.
    function withdraw(address token, address to) external returns (uint256 amount);

    /// @notice Pays `amount` of the caller's earnings to `to`. Never paused.
    function withdrawEarnings(address token, address to, uint128 amount) external;

    /// @notice Moves `amount` of the caller's earnings into its deposit.
    function redepositEarnings(address token, uint128 amount) external;

    /// @notice Called by a market: locks `amount` of the deposit of `owner`, who must have allowed the market.
    function lock(address token, address owner, uint128 amount) external;

    /// @notice Called by a market: locks a multiple of `unit` of the deposit of each owner: as many units as asked when
    /// the deposit covers them, as many as it covers when not, none when the owner has not allowed the market.
    /// @dev For batches: nothing that an owner does makes it revert.
    /// @param locks An owner in the upper 160 bits and a number of units in the lower 96, each.
    /// @return missing Units that were not locked, for each entry; empty when all were locked.
    function lockUnits(
        address token,
        uint128 unit,
        uint256[] calldata locks
    ) external returns (uint256[] memory missing);

    /// @notice Called by a market: pays the legs out of what it has locked. Zero legs are skipped.
    function pay(address token, Leg[] calldata legs) external;

    /// @notice Account of `owner` in `token`.
    function accountOf(address owner, address token) external view returns (Account memory);

    /// @notice What `market` could lock of the deposit of `owner` now: nothing unless the owner allowed it.
    function spendable(address owner, address market, address token) external view returns (uint256);

    /// @notice All that `market` has locked in `token`.
    function lockedBy(address market, address token) external view returns (uint256);

    /// @notice True when `owner` allowed `market`.
    function isMarketAllowed(address owner, address market) external view returns (bool);
}
