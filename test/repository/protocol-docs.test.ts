import { expect } from "chai";
import { blocksIn, fillBlocks, table } from "../../scripts/docs/blocks.ts";
import { callerOf, requireFunctions } from "../../scripts/docs/callers.ts";
import { contractNamed, type Program, readProgram } from "../../scripts/docs/program.ts";
import { referenceOf } from "../../scripts/docs/reference.ts";
import { renderReference } from "../../scripts/docs/render.ts";

const SHOP = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

library Price {
    error PriceZero();
    function check(uint256 price) internal pure {
        if (price == 0) revert PriceZero();
    }
}

interface ITill {
    error TillClosed(uint256 until);
    /// @notice Takes money.
    function take(uint256 price) external;
    function peek() external view returns (uint256);
}

contract Till is ITill {
    uint256 public immutable OPENS;
    function take(uint256) external view {
        if (block.timestamp < OPENS) revert TillClosed(OPENS);
    }
    function peek() external pure returns (uint256) {
        return 1;
    }
}

contract Stall is ITill {
    error StallShut();
    function take(uint256) external pure {
        revert StallShut();
    }
    function peek() external pure returns (uint256) {
        return 2;
    }
}

abstract contract Base {
    error BaseNotOwner(address caller);
    error BaseUnused();
    modifier onlyOwner() {
        if (msg.sender != address(1)) revert BaseNotOwner(msg.sender);
        _;
    }
    function _guard() internal virtual {
        revert BaseUnused();
    }
}

contract Shop is Base {
    error ShopEmpty(uint256 left);
    /// @notice Sold | for good.
    event ShopSold(uint256 indexed price);
    /// @notice Most at once.
    uint256 public constant MOST = 4 * 2;
    ITill public immutable TILL = ITill(address(2));

    /// @notice Sells
    /// one.
    /// @dev Once.
    function sell(uint256 price) external onlyOwner returns (uint256 left) {
        _guard();
        TILL.take(price);
        emit ShopSold(price);
        return TILL.peek();
    }
    /// @notice Tries to.
    function tryToSell(uint256 price) external {
        try TILL.take(price) {} catch {}
    }
    function _guard() internal pure override {
        Price.check(1);
        revert ShopEmpty(0);
    }
}
`;

describe("documentation of contracts", () => {
  let program: Program;
  before(() => {
    program = readProgram({ "contracts/Shop.sol": SHOP });
  });

  it("finds the errors of a function: its modifiers', its overrides', its libraries', not those it overrode", () => {
    const sell = referenceOf(program, "Shop").functions.find(({ name }) => name === "sell");
    expect(sell?.reverts.own).to.deep.equal(["BaseNotOwner", "PriceZero", "ShopEmpty"]);
  });

  it("names all calls through which errors of other contracts come, whichever answers, and only those", () => {
    const { functions } = referenceOf(program, "Shop");
    expect(functions.map(({ name, reverts }) => [name, reverts.through])).to.deep.equal([
      ["sell", ["Till.take", "Stall.take"]],
      ["tryToSell", []],
    ]);
  });

  it("says what a function does, what it takes and gives, and which values are fixed", () => {
    const { functions, events, fixed } = referenceOf(program, "Shop");
    expect(functions[0]).to.include({
      signature: "sell(uint256 price) → uint256 left",
      notice: "Sells one.",
      details: "Once.",
      readOnly: false,
      restricted: false,
    });
    expect(events.map(({ signature }) => signature)).to.deep.equal(["ShopSold(uint256 price)"]);
    expect(fixed).to.deep.equal([
      { name: "MOST", type: "uint256", value: "4 * 2", notice: "Most at once." },
      { name: "TILL", type: "ITill", value: undefined, notice: "" },
    ]);
  });

  it("refuses a function of which nobody wrote down who may call it", () => {
    expect(() => renderReference(referenceOf(program, "Shop"), () => undefined)).to.throw(
      "Who may call Shop.sell? Say so in scripts/docs/callers.ts.",
    );
    expect(callerOf("Shop", "setPrice", true)).to.equal("timelock");
  });

  it("refuses what was written down of a function that is gone", () => {
    expect(() => requireFunctions("FeeTreasury", ["spend"])).to.throw(
      "FeeTreasury has no collect. Take it out of scripts/docs/callers.ts.",
    );
  });

  it("does not know contracts that are not there", () => {
    expect(() => contractNamed(program, "Mall")).to.throw("There is no contract Mall.");
  });
});

describe("generated parts of a page", () => {
  const page = "# A\n\nmine\n\n<!-- generated: reference A b -->\nold\n<!-- end -->\n\nmine too\n";

  it("are written anew, and nothing else is", () => {
    const filled = fillBlocks(page, ({ kind, subjects }) => `${kind} of ${subjects.join()}`);
    expect(filled).to.equal(
      "# A\n\nmine\n\n<!-- generated: reference A b -->\n\nreference of A,b\n\n<!-- end -->\n\nmine too\n",
    );
    expect(fillBlocks(filled, () => "reference of A,b")).to.equal(filled);
    expect(blocksIn(filled)).to.deep.equal([{ kind: "reference", subjects: ["A", "b"] }]);
  });

  it("must have an end", () => {
    expect(() => fillBlocks("<!-- generated: parameters -->\n", () => "")).to.throw(
      "A generated part has no end.",
    );
  });

  it("keep their tables whole", () => {
    expect(table(["A"], [["x | y\nz"]])).to.equal("| A |\n|---|\n| x \\| y z |");
  });
});
