/** Runs critical sections one after the other, in the order in which they were asked for. */
export class Mutex {
  #tail: Promise<unknown> = Promise.resolve();

  async run<T>(section: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(section, section);
    // The next section waits for this one to end, whichever way it ends.
    this.#tail = turn.catch(() => undefined);
    return await turn;
  }
}
