import { styleText } from "node:util";
import ora, { type Ora } from "ora";

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
    work: (update: (detail: string) => void) => Promise<T>,
  ): Promise<{ value: T; seconds: number }> {
    const started = performance.now();
    const spinner: Ora = ora({
      text: title,
      stream: this.#out,
      discardStdin: false,
      isEnabled: this.colour,
    });
    // Without a terminal ora prints the text once at the start; the end is printed below.
    if (this.colour) spinner.start();
    const elapsed = () => (performance.now() - started) / 1000;
    const timer = this.colour
      ? setInterval(() => this.#tick(spinner, title, elapsed()), 1000)
      : undefined;
    try {
      const value = await work((detail) => {
        title = `${title.split(" · ")[0]} · ${detail}`;
        spinner.text = title;
      });
      const seconds = elapsed();
      this.#end(spinner, "✔", `${title} (${seconds.toFixed(1)} s)`);
      return { value, seconds };
    } catch (error) {
      this.#end(spinner, "✖", title);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  #tick(spinner: Ora, title: string, seconds: number): void {
    spinner.text = `${title} (${seconds.toFixed(0)} s)`;
  }

  #end(spinner: Ora, symbol: string, text: string): void {
    if (this.colour) spinner.stopAndPersist({ symbol, text });
    else this.print(`${symbol} ${text}`);
  }
}
