// Which programs of the system a test wants that are not here.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** "skopeo, umoci not installed"; undefined: all are here. */
export function toolsProblem(...names) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const missing = names.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  return missing.length === 0 ? undefined : `${missing.join(", ")} not installed`;
}
