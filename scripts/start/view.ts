import { styleText } from "node:util";
import ora from "ora";

/** What a running step may tell. */
export interface Progress {
  /** Replaces the text behind the step's title. */
  detail(text: string): void;
  /** Adds a line that stays, with the seconds since the step began. */
  line(text: string): void;
}

/** Shows the main job's steps. With `json`, everything goes to standard error, and only on a terminal it moves. */
export class View {
  readonly #out: NodeJS.WriteStream;

  constructor({ json }: { json: boolean }) {
    this.#out = json ? process.stderr : process.stdout;
  }

  get colour(): boolean {
    return this.#out.isTTY === true && process.env.NO_COLOR === undefined;
  }

  /** Writes text as it is. */
  print(text = ""): void {
    this.#out.write(`${text}\n`);
  }

  heading(text: string): void {
    this.print(`\n${this.colour ? styleText("bold", text) : text}`);
  }

  /** Runs one step with a spinner; the closing line carries its seconds. A failure leaves the step marked. */
  async step<T>(
    title: string,
    work: (progress: Progress) => Promise<T>,
  ): Promise<{ value: T; seconds: number }> {
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1000;
    const spinner = ora({ text: title, stream: this.#out, discardStdin: false });
    let detail = "";
    const show = () => {
      spinner.text = `${title}${detail === "" ? "" : ` · ${detail}`} (${elapsed().toFixed(0)} s)`;
    };
    const progress: Progress = {
      detail: (text) => {
        detail = text;
        show();
      },
      line: (text) => {
        if (this.colour) spinner.clear();
        this.print(`  ${elapsed().toFixed(1).padStart(6)} s  ${text}`);
      },
    };
    if (this.colour) spinner.start();
    const timer = this.colour ? setInterval(show, 1000) : undefined;
    const end = (symbol: string, text: string) => {
      clearInterval(timer);
      if (this.colour) spinner.stopAndPersist({ symbol, text });
      else this.print(`${symbol} ${text}`);
    };
    try {
      const value = await work(progress);
      const seconds = elapsed();
      end("✔", `${title}${detail === "" ? "" : ` · ${detail}`} (${seconds.toFixed(1)} s)`);
      return { value, seconds };
    } catch (error) {
      end("✖", title);
      throw error;
    }
  }
}
