import { stripVTControlCharacters } from "node:util";

const SHADES = " .:-=+*#%@";

/** Draws square grey pixels (0 paper, 255 ink) for a terminal: two rows a line in colour, else one character a pixel pair. */
export function drawPixels(pixels: Uint8Array, size: number, colour: boolean): string {
  const at = (x: number, y: number) => pixels[y * size + x] ?? 0;
  const lines: string[] = [];
  for (let y = 0; y < size; y += 2) {
    let line = "";
    for (let x = 0; x < size; x += 1)
      line += colour ? halfBlock(at(x, y), at(x, y + 1)) : shade(at(x, y), at(x, y + 1));
    lines.push(line.trimEnd());
  }
  return lines.filter((line) => line !== "").join("\n");
}

function shade(upper: number, lower: number): string {
  const index = Math.round(((upper + lower) / 510) * (SHADES.length - 1));
  return SHADES[index] ?? " ";
}

/** ANSI 256-colour greys run from 232 (black) to 255 (white). */
function halfBlock(upper: number, lower: number): string {
  if (upper < 24 && lower < 24) return " ";
  const grey = (value: number) => 232 + Math.round((value / 255) * 23);
  return `\u001b[38;5;${grey(upper)}m\u001b[48;5;${grey(lower)}m\u2580\u001b[0m`;
}

/** Puts two blocks of text side by side. */
export function beside(left: string, width: number, right: readonly string[]): string {
  const lines = left.split("\n");
  const visible = (line: string) => stripVTControlCharacters(line).length;
  const height = Math.max(lines.length, right.length);
  return Array.from({ length: height }, (_, row) => {
    const line = lines[row] ?? "";
    return `  ${line}${" ".repeat(Math.max(0, width - visible(line)))}  ${right[row] ?? ""}`.trimEnd();
  }).join("\n");
}
