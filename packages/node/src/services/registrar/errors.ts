import { NodeError } from "../../shared/errors.ts";

export function keyUnfunded(address: string): NodeError {
  return new NodeError(
    "KEY_UNFUNDED",
    `the account ${address} holds no native tokens; send it some to pay for gas, then start again`,
    { address },
  );
}

export function stakeUnfunded(address: string, missing: bigint, balance: bigint): NodeError {
  return new NodeError(
    "STAKE_UNFUNDED",
    `the account ${address} must add ${missing} LAT wei to its stake but holds ${balance}; send it LAT or stake less`,
    { address, missing, balance },
  );
}

export function stakeTooLow(stake: bigint, minimum: bigint): NodeError {
  return new NodeError(
    "STAKE_UNFUNDED",
    `a provider needs a stake of at least ${minimum} LAT wei, asked for ${stake}; raise --stake`,
    { stake, minimum },
  );
}

export function blsKeyMismatch(address: string, registered: string, local: string): NodeError {
  return new NodeError(
    "BLS_KEY_MISMATCH",
    `${address} is registered with the beacon key ${registered}, but the key here is ${local}; a registered key can never change, so start with the file that holds it`,
    { address, registered, local },
  );
}
