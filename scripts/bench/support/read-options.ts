/** The options of this process; ends it with the usage when one is wrong. */
export function readOptions<Options>(
  parse: (parameters: readonly string[]) => Options,
  usage: string,
): Options {
  try {
    return parse(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}
