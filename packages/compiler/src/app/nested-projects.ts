// Front ends and tools that live in an app's folder with a tsconfig.json of their own: what TypeScript says of them under the app's
// settings means nothing.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Whether a file is checked with the app: all but those of a nested project that no service contains. `served`: absolute. */
export function belongsTo(appDir: string, served: ReadonlySet<string>): (file: string) => boolean {
  const nested = new Map<string, boolean>();
  const isNested = (folder: string): boolean => {
    if (folder === appDir || dirname(folder) === folder) return false;
    const known = nested.get(folder);
    if (known !== undefined) return known;
    const result = existsSync(join(folder, "tsconfig.json")) || isNested(dirname(folder));
    nested.set(folder, result);
    return result;
  };
  return (file) => served.has(file) || !isNested(dirname(file));
}
