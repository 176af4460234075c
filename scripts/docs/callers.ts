/**
 * Who may call each function that changes state, by contract. Functions that are not here and whose access is managed
 * are the timelock's. "anyone" means that the caller changes nothing about the outcome but who earns a bounty.
 */
export const CALLERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LatticeToken: { burn: "holder" },
  StakeVault: {
    provision: "provider",
    thaw: "provider",
    cancelThaw: "provider",
    withdraw: "provider",
    delegate: "delegator",
    undelegate: "delegator",
    withdrawDelegated: "delegator",
    addRewards: "anyone",
    setDelegationOpen: "service",
    setModule: "service",
    lock: "module",
    unlock: "module, present or former",
    slash: "module",
    seize: "module",
    disburse: "module, present or former",
  },
  DelegationPayout: { distribute: "anyone", claim: "delegator" },
  ProviderRegistry: {
    register: "provider",
    update: "provider",
    setDraining: "provider",
    setOffer: "provider",
    withdrawOffer: "provider",
    openDelegation: "provider",
    setDelegationCut: "provider",
    closeDelegation: "provider",
    syncWeight: "anyone",
    setJailed: "attestation gate or timelock",
    onProvisionChanged: "the vault, or anyone",
  },
  ModelRegistry: { publish: "publisher", retire: "publisher" },
  AttestationGate: { present: "provider", reportRevoked: "anyone" },
  EpochBeacon: {
    reveal: "anyone, with the leader's signature",
    revealFallback: "anyone",
    bootstrap: "anyone",
    reportWithholding: "anyone",
  },
  BeaconRewards: { claim: "anyone" },
  PaymentEscrow: {
    deposit: "anyone, for any owner",
    depositWithPermit: "owner",
    setMarket: "owner",
    thaw: "owner",
    cancelThaw: "owner",
    withdraw: "owner",
    withdrawEarnings: "owner",
    redepositEarnings: "owner",
    lock: "market that the owner allowed",
    lockUnits: "market, from owners that allowed it",
    pay: "market, from its own locks",
  },
  JobMarket: {
    post: "requester",
    postSigned: "anyone, with the requester's signature",
    cancel: "requester",
    cancelNonces: "requester",
    setSponsorship: "sponsor",
    assign: "anyone",
    award: "anyone",
    accept: "named provider",
    deliver: "named provider",
    commit: "provider",
    decline: "provider",
    prove: "anyone, with the provider's proof",
    proveMany: "anyone, with one proof of all",
    settle: "anyone",
    timeOut: "anyone",
    punish: "the dispute game",
    concludeInput: "the dispute game",
    refund: "anyone",
    setNewWorkPaused: "guardian or timelock",
  },
  Matchmaker: { bid: "provider" },
  QuorumMarket: {
    post: "requester",
    postSigned: "anyone, with the requester's signature",
    cancel: "requester",
    cancelNonces: "requester",
    setSponsorship: "sponsor",
    assign: "anyone",
    commit: "member",
    decline: "member",
    reveal: "member",
    finalise: "anyone",
    refund: "anyone",
    setNewWorkPaused: "guardian or timelock",
  },
  OrderSettlement: {
    claim: "provider",
    settleProven: "provider",
    release: "anyone",
    punish: "the dispute game",
    cancelNonces: "requester",
    setSponsorship: "sponsor",
    setNewWorkPaused: "guardian or timelock",
  },
  Committees: { seat: "anyone" },
  Equivocation: { report: "anyone", settle: "anyone" },
  DisputeGame: {
    commit: "challenger",
    burnCommitment: "anyone",
    challengeStep: "challenger",
    challengeTrace: "challenger",
    challengeProof: "challenger",
    challengeEquivocation: "anyone",
    execute: "anyone",
    inquire: "challenger",
    ask: "inquirer",
    answer: "provider, or anyone for it",
    claimSilence: "anyone",
    closeInquiry:
      "inquirer before the provider is late; anyone once its time passed or the result was convicted",
    demandInput: "provider",
    publishInput: "anyone",
    demandOutput: "requester",
    publishOutput: "anyone",
    claimUnanswered: "anyone",
  },
  VoucherSettlement: {
    open: "requester or sponsor",
    topUp: "anyone",
    redeem: "provider or its redeemer",
    setRedeemer: "provider",
    close: "requester, sponsor or provider; anyone once expired",
    closeNow: "requester or sponsor, with the provider's signature",
    finish: "anyone",
    punish: "the dispute game",
    releaseCollateral: "anyone once closed, the provider always",
    cancelNonces: "requester",
    setSponsorship: "sponsor",
    setNewWorkPaused: "guardian or timelock",
  },
  TrainingChain: { createRun: "anyone", advance: "anyone" },
  VerifierRouter: { register: "anyone", registerSet: "anyone" },
  FeeTreasury: { collect: "anyone" },
};

/** Throws when a contract no longer has a function whose callers are written down. */
export function requireFunctions(contract: string, names: readonly string[]): void {
  const gone = Object.keys(CALLERS[contract] ?? {}).find((name) => !names.includes(name));
  if (gone !== undefined) {
    throw new Error(`${contract} has no ${gone}. Take it out of scripts/docs/callers.ts.`);
  }
}

/** Who may call a function. Throws when nobody wrote it down. */
export function callerOf(contract: string, name: string, restricted: boolean): string {
  if (name === "initialize") return "its deployment, once";
  const caller = CALLERS[contract]?.[name] ?? (restricted ? "timelock" : undefined);
  if (caller === undefined) {
    throw new Error(`Who may call ${contract}.${name}? Say so in scripts/docs/callers.ts.`);
  }
  return caller;
}
