/** Tests that should notice a change of a file. */
export interface Target {
  readonly file: string;
  /** Quick ones, which run on every mutant. */
  readonly mocha: readonly string[];
  /** Those that Hardhat compiles first: they run on what the quick ones let pass. */
  readonly solidity: readonly string[];
}

const market = (...names: string[]) => names.map((name) => `test/unit/market/${name}.test.ts`);

const testsOf = (contract: string, names: string) =>
  market(...names.split(" ").map((name) => `${contract}.${name}`));

/** Those of a lane's batches; the first ones notice most. */
const BATCHES = market(
  ...[
    "claim",
    "release",
    "encoding",
    "cutbacks",
    "cover",
    "rejections",
    "proven",
    "batches",
    "wallets",
    "random",
  ].map((name) => `OrderSettlement.${name}`),
  "Committees",
  "Committees.orders",
);

/** Every file through which money passes. */
export const TARGETS: readonly Target[] = [
  {
    file: "contracts/libraries/FeeSplit.sol",
    mocha: market("JobMarket.prove", "JobMarket.settle", "JobMarket.deliver"),
    solidity: ["test/unit/libraries/FeeSplit.t.sol"],
  },
  {
    file: "contracts/market/PaymentEscrow.sol",
    mocha: market(
      "PaymentEscrow.deposit",
      "PaymentEscrow.exits",
      "PaymentEscrow.markets",
      "PaymentEscrow.reentrancy",
    ),
    solidity: ["test/unit/market/PaymentEscrow.t.sol", "test/invariant/PaymentEscrow.t.sol"],
  },
  ...[
    "contracts/libraries/BatchOrder.sol",
    "contracts/libraries/JobsRoot.sol",
    "contracts/market/BatchIntake.sol",
    "contracts/market/BatchJudgement.sol",
    "contracts/market/OrderSettlement.sol",
  ].map((file) => ({ file, mocha: BATCHES, solidity: [] })),
  ...Object.entries({
    JobExecution: testsOf("JobMarket", "prove proveMany settle deliver commit fairness"),
    JobPosting: testsOf("JobMarket", "post exits post.reverts signed order sponsors auction"),
    JobAssignment: [
      ...testsOf("JobMarket", "assign assign.reverts accept auction settle deliver"),
      ...testsOf("Matchmaker", "attested"),
    ],
    JobFaults: testsOf("JobMarket", "decline timeOut timeOut.sla fairness"),
    JobBase: testsOf("JobMarket", "settle exits states prove deliver decline timeOut sponsors"),
    QuorumOutcome: testsOf("QuorumMarket", "finalise outcomes round states"),
    QuorumPosting: testsOf("QuorumMarket", "post assign exits round"),
    QuorumBase: testsOf("QuorumMarket", "finalise outcomes exits reveal round states assign post"),
    VoucherRedemption: testsOf("VoucherSettlement", "redeem reject tokens wallets close"),
    VoucherSettlement: testsOf(
      "VoucherSettlement",
      "close open topUp open.reverts jobs reject redeem",
    ),
  }).map(([name, mocha]) => ({ file: `contracts/market/${name}.sol`, mocha, solidity: [] })),
  {
    file: "contracts/staking/StakeVault.sol",
    mocha: ["provision", "thaw", "lock", "slash", "seize", "disburse", "hook"].map(
      (name) => `test/unit/staking/StakeVault.${name}.test.ts`,
    ),
    solidity: ["test/unit/staking/StakeVault.t.sol", "test/invariant/StakeVault.t.sol"],
  },
  {
    file: "contracts/staking/DelegationPools.sol",
    mocha: ["delegate", "undelegate", "delegation.slash", "hook", "disburse"].map(
      (name) => `test/unit/staking/StakeVault.${name}.test.ts`,
    ),
    solidity: ["test/unit/staking/StakeDelegation.t.sol", "test/invariant/StakeVault.t.sol"],
  },
  {
    file: "contracts/disputes/Equivocation.sol",
    mocha: ["Equivocation", "Equivocation.settle"].map(
      (name) => `test/unit/disputes/${name}.test.ts`,
    ),
    solidity: ["test/unit/disputes/Equivocation.t.sol"],
  },
  {
    file: "contracts/treasury/FeeTreasury.sol",
    mocha: ["test/unit/treasury/FeeTreasury.test.ts"],
    solidity: ["test/invariant/PaymentEscrow.t.sol"],
  },
];
