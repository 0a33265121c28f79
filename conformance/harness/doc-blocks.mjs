// Finds the code blocks of Markdown pages. A comment right before a block says what the reader need not see:
// `<!-- docs: continues -->` joins a block with the one before it, `<!-- docs: given` with lines of code and `-->` puts these before it.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Pages that show readers how to use Tenon; decisions tell history. */
export async function docPages(root) {
  const all = await readdir(join(root, "docs"), { recursive: true });
  const pages = all.map((name) => join("docs", name)).filter((name) => name.endsWith(".md") && !/decisions/.test(name));
  const folders = await Promise.all(
    ["packages", "examples"].map(async (folder) =>
      (await readdir(join(root, folder))).map((name) => join(folder, name)),
    ),
  );
  const readmes = await Promise.all(
    folders.flat().map(async (folder) => ((await readdir(join(root, folder))).includes("README.md") ? folder : null)),
  );
  return [...pages, "README.md", "CONTRIBUTING.md", ...readmes.filter(Boolean).map((name) => join(name, "README.md"))];
}

/** @returns {Promise<{ page: string, line: number, language: string, lines: Map<number, string> }[]>} line number -> text */
export async function blocksOf(root, page) {
  const lines = (await readFile(join(root, page), "utf8")).split("\n");
  const blocks = [];
  let notes = emptyNotes();
  for (let index = 0; index < lines.length; index++) {
    const text = lines[index].trim();
    const at = `${page}:${index + 1}`;
    if (text === "<!-- docs: continues -->") notes.continues = true;
    else if (text === "<!-- docs: given") index = take(lines, index, "-->", notes.given);
    else if (text.startsWith("<!-- docs:")) throw new Error(`${at}: a note that nobody knows`);
    else if (text.startsWith("```")) {
      const taken = new Map(notes.given);
      const language = text.slice(3).trim();
      const line = index + 1;
      index = take(lines, index, "```", taken);
      if (notes.continues) for (const entry of taken) blocks.at(-1).lines.set(...entry);
      else blocks.push({ page, line, language, lines: taken });
      notes = emptyNotes();
    } else if (text !== "" && (notes.continues || notes.given.size > 0)) {
      throw new Error(`${at}: the note before it belongs to no block`);
    }
  }
  return blocks;
}

function emptyNotes() {
  return { continues: false, given: new Map() };
}

/** Keeps the lines up to the one that ends them, and gives its index. */
function take(lines, start, end, into) {
  let index = start + 1;
  for (; index < lines.length && lines[index].trim() !== end; index++) into.set(index + 1, lines[index]);
  if (index === lines.length) throw new Error(`what begins at line ${start + 1} has no end`);
  return index;
}

/** The text of a file in which each line stands where it stands in the page, so that a compiler names the page's own lines. */
export function textOf({ lines }) {
  const text = [];
  for (const [line, content] of lines) text[line - 1] = content;
  return Array.from(text, (line) => line ?? "").join("\n");
}
