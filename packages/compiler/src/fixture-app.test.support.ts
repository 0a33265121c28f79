// Test support: fixtures are single text files that hold a whole program ("-- path --" starts a file); this lays one out in a
// temporary folder, with a tsconfig, and takes it away again.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Fixture {
  readonly name: string;
  /** The lines above the first file: "key: value". */
  readonly header: readonly { readonly key: string; readonly value: string }[];
  readonly files: Readonly<Record<string, string>>;
}

const packageDir = join(dirname(fileURLToPath(import.meta.url)), "..");
const fixturesDir = join(packageDir, "fixtures");

export function readFixtures(folder: "types" | "wrong"): Fixture[] {
  return readdirSync(join(fixturesDir, folder))
    .filter((name) => name.endsWith(".txt"))
    .sort()
    .map((name) => parseFixture(name.slice(0, -".txt".length), readFileSync(join(fixturesDir, folder, name), "utf8")));
}

export function parseFixture(name: string, text: string): Fixture {
  const [head = "", ...parts] = text.split(/^-- (?=\S+ --$)/m);
  const header = [...head.matchAll(/^(\w+): (.*)$/gm)].map((match) => ({ key: match[1]!, value: match[2]! }));
  const files: Record<string, string> = {};
  for (const part of parts) {
    const lineEnd = part.indexOf("\n");
    files[part.slice(0, lineEnd).replace(/ --$/, "")] = part.slice(lineEnd + 1);
  }
  return { name, header, files };
}

export interface FixtureApp {
  readonly dir: string;
  readonly configFile: string;
  write(path: string, text: string): string;
  remove(): void;
}

/** `link: zod` in the header makes a package of this repository available, `link: @x/y -> packages/y` one of the fixture itself. */
export function layOut(fixture: Fixture): FixtureApp {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "tenon-fixture-")));
  const write = (path: string, text: string): string => {
    const file = join(dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  for (const [path, text] of Object.entries(fixture.files)) write(path, text);
  for (const { key, value } of fixture.header) {
    if (key !== "link") continue;
    const [name, target] = value.split(" -> ");
    const link = join(dir, "node_modules", name!);
    mkdirSync(dirname(link), { recursive: true });
    if (target === undefined) cpSync(join(repositoryModules(), name!), link, { recursive: true });
    else symlinkSync(join(dir, target), link, "dir");
  }
  const types = join(fixturesDir, "tenon-types");
  const config = {
    compilerOptions: {
      target: "es2022",
      lib: ["es2023", "dom"],
      module: "esnext",
      moduleResolution: "bundler",
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      types: [],
      paths: {
        tenon: [`${types}/index`],
        "tenon/*": [`${types}/*`],
        "encore.dev/*": [`${types}/*`],
        "~tenon/*": ["./.tenon/gen/*"],
        "~encore/*": ["./.tenon/gen/*"],
      },
    },
    include: ["**/*.ts"],
    exclude: ["node_modules"],
  };
  if (!existsSync(join(dir, "tsconfig.json"))) write("tsconfig.json", JSON.stringify(config, null, 2));
  return {
    dir,
    configFile: join(dir, "tsconfig.json"),
    write,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** The node_modules folder that the repository's packages share. */
function repositoryModules(): string {
  for (let at = packageDir; ; at = dirname(at))
    if (existsSync(join(at, "node_modules", "zod"))) return join(at, "node_modules");
}
