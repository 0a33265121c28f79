// What a folder of files has for a path: a file, the folder's page, the way to it, or nothing.
import { realpath } from "node:fs/promises";
import { basename, dirname, relative, sep } from "node:path";
import { findFile, type OpenFile, segmentsOf } from "./find-file.ts";

const INDEX = "index.html";

export type Page =
  | { readonly kind: "file"; readonly file: OpenFile; readonly root: string }
  /** Relative links of the page only work from behind a slash. */
  | { readonly kind: "redirect"; readonly location: string }
  | { readonly kind: "nothing" };

const NOTHING: Page = { kind: "nothing" };

/** `rest`: percent-decoded path below the folder; "" is the folder itself, with and without a slash. */
export async function lookUp(directory: string, rest: string): Promise<Page> {
  const segments = segmentsOf(rest);
  const root = await realRoot(directory);
  if (segments === null || root === null) return NOTHING;
  const last = segments.at(-1)!;
  if (last === "") return pageIn(root, segments.slice(0, -1));
  const found = await findFile(root, segments);
  if (found.kind === "file") return { kind: "file", file: found.file, root };
  if (found.kind === "nothing") return NOTHING;
  const page = await pageIn(root, segments);
  if (page.kind !== "file") return NOTHING;
  await page.file.handle.close();
  return { kind: "redirect", location: `${encodeURIComponent(last)}/` };
}

/** The file that answers where there is none; links of it may lead anywhere within its own folder. */
export async function lookUpFile(path: string): Promise<Page> {
  const root = await realRoot(dirname(path));
  if (root === null) return NOTHING;
  const found = await findFile(root, [basename(path)]);
  return found.kind === "file" ? { kind: "file", file: found.file, root } : NOTHING;
}

/** The same file with another ending, under the same rules. */
export async function lookUpBeside(root: string, file: OpenFile, ending: string): Promise<OpenFile | null> {
  const found = await findFile(root, `${relative(root, file.path)}${ending}`.split(sep));
  return found.kind === "file" ? found.file : null;
}

async function pageIn(root: string, folder: readonly string[]): Promise<Page> {
  const found = await findFile(root, [...folder, INDEX]);
  return found.kind === "file" ? { kind: "file", file: found.file, root } : NOTHING;
}

/** null: there is no such folder, which in development may change at any moment. */
async function realRoot(directory: string): Promise<string | null> {
  return realpath(directory).catch(() => null);
}
