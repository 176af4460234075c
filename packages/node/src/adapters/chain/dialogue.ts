import { zeroPadValue } from "ethers";
import type { Dialogue, Exchange, Place, ResultKey } from "../../core/dispute.ts";
import type { ChainConnection } from "./connection.ts";

const EVENTS = ["InquiryOpened", "QuestionAsked", "QuestionAnswered", "InquiryClosed"] as const;

/** An inquiry as its events since its last opening tell it. */
export async function readDialogue(
  { provider, lattice, read }: ChainConnection,
  { market, subject }: ResultKey,
  inquirer: string,
  fromBlock: number,
): Promise<Dialogue> {
  const { interface: abi } = lattice.disputes;
  const filter = {
    address: lattice.addresses.contracts.DisputeGame,
    topics: [
      EVENTS.map((name) => abi.getEvent(name).topicHash),
      zeroPadValue(market, 32),
      subject,
      zeroPadValue(inquirer, 32),
    ],
    fromBlock,
  };
  const logs = await read("reading an inquiry", () => provider.getLogs(filter));
  let exchanges: Exchange[] = [];
  let bondTo: string | undefined;
  for (const log of logs) {
    const event = abi.parseLog(log);
    if (event?.name === "InquiryOpened") {
      exchanges = [];
      bondTo = undefined;
    } else if (event?.name === "QuestionAnswered") {
      const { place, height, nodes, data } = event.args;
      exchanges.push({
        place: Number(place) as Place,
        height: Number(height),
        nodes: [...nodes],
        data,
      });
    } else if (event?.name === "QuestionAsked") {
      const last = exchanges.pop();
      if (last) exchanges.push({ ...last, child: Number(event.args.child) });
    } else if (event?.name === "InquiryClosed") {
      bondTo = event.args.bondTo;
    }
  }
  return bondTo === undefined ? { exchanges } : { exchanges, bondTo };
}
