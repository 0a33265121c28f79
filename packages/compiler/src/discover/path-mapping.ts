// The `paths` of the tsconfig an app is analysed with: specifier -> files to try.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parse } from "jsonc-parser";

interface Config {
  readonly extends?: string | readonly string[];
  readonly compilerOptions?: { readonly paths?: Record<string, readonly string[]>; readonly baseUrl?: string };
}

export interface PathMapping {
  /** Absolute paths to try, in order; none when no pattern matches. */
  candidates(specifier: string): string[];
  /** Text of the config and of all it extends, for cache keys. */
  readonly configText: string;
}

export function readPathMapping(configFile: string): PathMapping {
  const chain = configChain(configFile);
  const owner = chain.find(({ config }) => config.compilerOptions?.paths !== undefined);
  const baseUrl = chain.find(({ config }) => config.compilerOptions?.baseUrl !== undefined);
  const base = resolve(
    dirname((baseUrl ?? owner)?.file ?? configFile),
    baseUrl?.config.compilerOptions?.baseUrl ?? ".",
  );
  const patterns = Object.entries(owner?.config.compilerOptions?.paths ?? {});
  return {
    configText: chain.map(({ text }) => text).join("\n"),
    candidates(specifier) {
      const best = patterns
        .map(([pattern, targets]) => ({ pattern, targets, star: matchStar(pattern, specifier) }))
        .filter(({ star }) => star !== null)
        .sort((a, b) => prefixLength(b.pattern) - prefixLength(a.pattern))[0];
      return best === undefined ? [] : best.targets.map((target) => resolve(base, target.replace("*", best.star!)));
    },
  };
}

function configChain(file: string, seen = new Set<string>()): { file: string; text: string; config: Config }[] {
  if (seen.has(file) || !existsSync(file)) return [];
  seen.add(file);
  const text = readFileSync(file, "utf8");
  const config = (parse(text) ?? {}) as Config;
  const bases = typeof config.extends === "string" ? [config.extends] : [...(config.extends ?? [])];
  // Later ones win over earlier ones.
  return [{ file, text, config }, ...bases.reverse().flatMap((base) => configChain(resolveBase(base, file), seen))];
}

function resolveBase(base: string, from: string): string {
  if (isAbsolute(base) || base.startsWith(".")) {
    const path = resolve(dirname(from), base);
    return existsSync(path) ? path : `${path}.json`;
  }
  try {
    return createRequire(from).resolve(base.endsWith(".json") ? base : join(base, "tsconfig.json"));
  } catch {
    return "";
  }
}

/** An exact pattern matches before any with a star, and a longer prefix before a shorter one. */
function prefixLength(pattern: string): number {
  const star = pattern.indexOf("*");
  return star === -1 ? Number.MAX_SAFE_INTEGER : star;
}

function matchStar(pattern: string, specifier: string): string | null {
  const star = pattern.indexOf("*");
  if (star === -1) return pattern === specifier ? "" : null;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const fits =
    specifier.length >= before.length + after.length && specifier.startsWith(before) && specifier.endsWith(after);
  return fits ? specifier.slice(before.length, specifier.length - after.length) : null;
}
