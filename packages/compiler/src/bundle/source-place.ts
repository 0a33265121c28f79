// Lets the user's files know where they stand: `__dirname`, `__filename` and `import.meta.dirname`, `.filename`, `.url` mean the source
// file, not the bundle that it became part of, so that code which reads files beside itself finds them.
import { dirname, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "rolldown";
import type { BundleSettings } from "./bundle-settings.ts";

/** Their own place is nothing that installed packages or generated files ask for. */
const ownFiles = { include: /\.[cm]?[jt]sx?$/, exclude: [/[\\/]node_modules[\\/]/, /[\\/]\.tenon[\\/]/] };

const mention = /\b(?:__dirname|__filename|import\.meta\.(?:dirname|filename|url))\b/;

export function sourcePlacePlugin(settings: BundleSettings): Plugin {
  return {
    name: "tenon-source-place",
    transform: {
      filter: { id: ownFiles, code: mention },
      handler(code, id) {
        const file = id.split("?", 1)[0]!;
        return { code: withPlace(code, placeOf(file, settings)), map: null };
      },
    },
  };
}

/** JavaScript expressions. */
interface PlaceCode {
  readonly directory: string;
  readonly file: string;
  readonly url: string;
}

/**
 * A production build can be moved and holds no path of the building machine: there the app's folder is taken to be the working
 * directory, as it is for relative paths.
 */
function placeOf(file: string, { mode, appDir }: BundleSettings): PlaceCode {
  if (mode === "development") {
    const quoted = JSON.stringify;
    return { directory: quoted(dirname(file)), file: quoted(file), url: quoted(pathToFileURL(file).href) };
  }
  const within = (path: string) => JSON.stringify(relative(appDir, path).split(sep).join("/"));
  const resolved = (path: string) => `process.getBuiltinModule("node:path").resolve(${within(path)})`;
  return {
    directory: resolved(dirname(file)),
    file: resolved(file),
    url: `process.getBuiltinModule("node:url").pathToFileURL(${resolved(file)}).href`,
  };
}

/** All on the lines that are there, so that stacks and source maps keep theirs. */
function withPlace(code: string, { directory, file, url }: PlaceCode): string {
  const placed = code
    .replace(/\bimport\.meta\.dirname\b/g, `(${directory})`)
    .replace(/\bimport\.meta\.filename\b/g, `(${file})`)
    .replace(/\bimport\.meta\.url\b/g, `(${url})`);
  const definitions = [
    ["__dirname", directory],
    ["__filename", file],
  ].filter(([name]) => usesGlobal(code, name!));
  return definitions.map(([name, value]) => `var ${name} = ${value}; `).join("") + placed;
}

/** Many files in ES modules make up for them by hand. */
function usesGlobal(code: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(code) && !new RegExp(`\\b(?:const|let|var)\\s+${name}\\b`).test(code);
}
