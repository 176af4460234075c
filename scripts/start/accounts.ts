import { HDNodeWallet, keccak256, Mnemonic, toUtf8Bytes } from "ethers";

// The published development mnemonic that Hardhat's node funds. Worthless on any public network.
const MNEMONIC = "test test test test test test test test test test test junk";
const PATH = "m/44'/60'/0'/0";

/** Accounts of the local chain by the part they play. */
export interface Cast {
  readonly deployer: HDNodeWallet;
  readonly requester: HDNodeWallet;
  readonly publisher: HDNodeWallet;
  readonly providers: readonly HDNodeWallet[];
}

/** The funded development accounts: deployer, requester, publisher, then providers. */
export function castAccounts(providerCount: number): Cast {
  const root = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(MNEMONIC), PATH);
  const account = (index: number) => root.deriveChild(index);
  return {
    deployer: account(0),
    requester: account(1),
    publisher: account(2),
    providers: Array.from({ length: providerCount }, (_, index) => account(3 + index)),
  };
}

/** BLS seed of a local provider: fixed, so that a restart on the same chain finds its registered key. */
export function blsSeed(provider: HDNodeWallet): string {
  return keccak256(toUtf8Bytes(`Lattice local provider ${provider.address}`));
}
