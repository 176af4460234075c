import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { ROOT } from "../solc/compile.ts";
import { type Block, blocksIn, fillBlocks } from "./blocks.ts";
import { renderDeployments, renderParameters } from "./parameters.ts";
import { isOurs, type Program } from "./program.ts";
import { renderProperties } from "./properties.ts";
import { referenceOf } from "./reference.ts";
import { renderReference } from "./render.ts";

const FOLDER = join(ROOT, "docs/protocol");

/** A page of docs/protocol: the text it has, and the one it should have. */
export interface Page {
  readonly file: string;
  readonly text: string;
  readonly current: string;
}

/** Contracts that somebody deploys, and libraries apart: those that need a page. */
export function documented(program: Program): string[] {
  return [...program.contracts.values()]
    .filter((each) => isOurs(each) && !each.file.includes("/generated/"))
    .filter(({ node }) => node.contractKind === "contract" && node.abstract !== true)
    .map(({ name }) => name)
    .sort();
}

/** Every page with its generated parts written anew. */
export async function writePages(program: Program): Promise<Page[]> {
  const texts = readdirSync(FOLDER)
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => ({ file: name, text: readFileSync(join(FOLDER, name), "utf8") }));
  const pageOf = (contract: string) =>
    texts.find(({ text }) => blocksIn(text).some((block) => isReference(block, contract)))?.file;
  const parameters = await renderParameters();
  const deployments = await renderDeployments();
  const render = (block: Block): string => {
    const [subject = ""] = block.subjects;
    if (block.kind === "reference") return renderReference(referenceOf(program, subject), pageOf);
    if (block.kind === "properties") return renderProperties(block.subjects);
    if (block.kind === "parameters") return parameters;
    if (block.kind === "deployments") return deployments;
    throw new Error(`Nothing generates "${block.kind}".`);
  };
  return texts.map(({ file, text }) => ({
    file: join("docs/protocol", file),
    text,
    current: fillBlocks(text, render),
  }));
}

const isReference = ({ kind, subjects }: Block, contract: string) =>
  kind === "reference" && subjects[0] === contract;

/** What is wrong with the pages as they should be: contracts without one, and links that lead nowhere. */
export function pageFaults(program: Program, pages: readonly Page[]): string[] {
  const described = pages.flatMap(({ current }) =>
    blocksIn(current)
      .filter(({ kind }) => kind === "reference")
      .map(({ subjects }) => subjects[0] ?? ""),
  );
  const missing = documented(program)
    .filter((name) => !described.includes(name))
    .map((name) => `No page of docs/protocol has <!-- generated: reference ${name} -->.`);
  return [...missing, ...brokenLinks()];
}

/** Relative links of all documents that lead to no file or to no heading of it. */
export function brokenLinks(): string[] {
  const documents = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(ROOT, "docs", name));
  return [...documents, join(ROOT, "README.md")].flatMap((document) =>
    [...readFileSync(document, "utf8").matchAll(/\]\((?!https?:)([^)\s]+)\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !leads(document, link))
      .map((link) => `${relative(ROOT, document)} links to ${link}, which is not there.`),
  );
}

function leads(document: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? document : resolve(dirname(document), decodeURI(path));
  if (!anchor) return readable(target) !== undefined;
  const headings = [...(readable(target) ?? "").matchAll(/^#+ (.*)$/gm)];
  return headings.some(([, heading = ""]) => slug(heading) === anchor);
}

/** Text of a file, nothing for a folder that is there; undefined for what is not. */
function readable(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EISDIR" ? "" : undefined;
  }
}

/** The anchor that GitHub gives a heading. */
const slug = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
