/** The part of the WebAssembly API that key making uses; the DOM library, which types it, is off. */
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  function instantiate(
    code: Uint8Array,
    imports: { env: { memory: Memory } },
  ): Promise<{ instance: Instance }>;
}
