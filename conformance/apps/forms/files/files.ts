// What real code reaches for beside itself: files by several ways, modules of several kinds.
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { api } from "tenon/api";
import books from "@/files/assets/books.graphql";
import data from "./assets/data.json";
import page from "./assets/page.html";
import { card } from "./card";
import { twice } from "./legacy-math.cjs";

const words = await readFile("./files/assets/words.txt", "utf8");

export const imported = api({ method: "GET", path: "/files/imported", expose: true }, async () => ({
  page,
  books,
  version: data.version,
  twice: twice(21),
  card: card("Ann"),
}));

export const read = api({ method: "GET", path: "/files/read", expose: true }, async () => ({
  words,
  byDirname: readFileSync(join(__dirname, "assets/words.txt"), "utf8"),
  byMetaDirname: readFileSync(join(import.meta.dirname, "assets/words.txt"), "utf8"),
  byMetaUrl: readFileSync(fileURLToPath(new URL("./assets/words.txt", import.meta.url)), "utf8"),
  isFile: existsSync(__filename) && __filename.endsWith("files.ts") && import.meta.filename === __filename,
  required: (require("node:path") as typeof import("node:path")).basename("/a/b"),
}));
