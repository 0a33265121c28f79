// Which packages of a build cannot work on a platform: their native code is for others, or was never made. Found before the build is shipped,
// since it shows nowhere else but where it is started.
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { asObject } from "../app/read-jsonc.ts";
import { type NativePlatform, nativePlatform } from "./native-file.ts";

/** In the words of `process.platform` and `process.arch`. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
  /** As npm names them: "glibc", "musl". Absent: whichever a package is for. */
  readonly libc?: string;
}

export interface NativeProblem {
  /** Of the package, with its version: "sharp@0.34.0". */
  readonly package: string;
  /** "its native code is for linux-x64 alone" */
  readonly reason: string;
}

interface FoundPackage {
  readonly name: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly natives: readonly NativePlatform[];
  /** It has sources that `npm install` compiles. */
  readonly isCompiled: boolean;
}

/** `buildDir`: of any production build, whole or of a unit. Sorted by package. */
export async function nativeProblems(buildDir: string, platform: Platform): Promise<NativeProblem[]> {
  const packages = await packagesBelow(join(buildDir, "node_modules"));
  const problems = packages.flatMap((one) => {
    const reason = ownProblem(one, platform) ?? variantsProblem(one, packages, platform);
    return reason === undefined ? [] : [{ package: `${one.name}@${String(one.manifest["version"])}`, reason }];
  });
  return problems.sort((a, b) => (a.package < b.package ? -1 : 1));
}

/** A package made for one platform says so, and is not used elsewhere; the one that asks for it is looked at instead. */
function ownProblem({ manifest, natives, isCompiled }: FoundPackage, platform: Platform): string | undefined {
  if (isRestricted(manifest)) return undefined;
  if (natives.length === 0)
    return isCompiled
      ? "its native code has not been made: `npm rebuild` does, where install scripts were left out"
      : undefined;
  if (natives.some((native) => native.os === platform.os && (native.cpu ?? platform.cpu) === platform.cpu))
    return undefined;
  const names = [...new Set(natives.map(({ os, cpu }) => (cpu === null ? os : `${os}-${cpu}`)))].sort();
  return `its native code is for ${names.join(", ")} alone`;
}

/** Of several optional packages, one a platform, the one for this platform has to be there. */
function variantsProblem(
  { manifest }: FoundPackage,
  packages: readonly FoundPackage[],
  platform: Platform,
): string | undefined {
  const names = Object.keys(asObject(manifest["optionalDependencies"]) ?? {});
  const variants = packages.filter(
    (one) => names.includes(one.name) && isRestricted(one.manifest) && one.natives.length > 0,
  );
  if (variants.length === 0 || variants.some(({ manifest: own }) => isFor(own, platform))) return undefined;
  return `of its native packages only ${variants.map(({ name }) => name).join(", ")} is installed`;
}

function isRestricted(manifest: FoundPackage["manifest"]): boolean {
  return Array.isArray(manifest["os"]) || Array.isArray(manifest["cpu"]);
}

/** As npm reads `os` and `cpu`: names, or names with "!" that are excluded. */
function isFor(manifest: FoundPackage["manifest"], { os, cpu, libc }: Platform): boolean {
  const allows = (list: unknown, name: string | undefined) =>
    name === undefined ||
    !Array.isArray(list) ||
    (list.every((item) => item !== `!${name}`) &&
      (list.includes(name) || list.every((item) => String(item).startsWith("!"))));
  return allows(manifest["os"], os) && allows(manifest["cpu"], cpu) && allows(manifest["libc"], libc);
}

async function packagesBelow(modules: string): Promise<FoundPackage[]> {
  const entries = await readdir(modules, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // Folders of packages; a package.json deeper inside only says what kind of modules there are.
  const roots = files
    .map((file) => /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]package\.json$/.exec(file)?.[1])
    .filter((root): root is string => root !== undefined);
  return Promise.all(
    roots.map(async (root) => {
      const own = files.filter(
        (file) => file.startsWith(root + sep) && !/[\\/]node_modules[\\/]/.test(file.slice(root.length)),
      );
      const manifest = asObject(JSON.parse(await readFile(join(root, "package.json"), "utf8"))) ?? {};
      const natives = await Promise.all(own.filter((file) => file.endsWith(".node")).map(nativePlatform));
      const name = String(manifest["name"]);
      const isCompiled =
        manifest["gypfile"] === true || compiles.test(String(asObject(manifest["scripts"])?.["install"]));
      return { name, manifest, natives: natives.filter((native) => native !== null), isCompiled };
    }),
  );
}

const compiles = /\b(?:node-gyp rebuild|prebuild-install|node-pre-gyp install|cmake-js)\b/;
