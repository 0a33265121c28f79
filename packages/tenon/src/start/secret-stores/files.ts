// A folder with a file for each secret: what Kubernetes, Docker and systemd mount.
import { readFile } from "node:fs/promises";
import { isAbsolute, join, normalize, resolve } from "node:path";
import type { InfraValues, Settings } from "../infra-values.ts";
import { type SecretStore, withoutLineEnd } from "./secret-store.ts";

export function readFiles(store: Settings, at: string, values: InfraValues): SecretStore {
  values.only(store, ["type", "directory"], at);
  const directory = values.text(store["directory"], `${at}.directory`);
  return fileStore(resolve(values.folder, directory));
}

/** A name may lead into folders. */
function fileStore(directory: string): SecretStore {
  return {
    async read(name) {
      const path = normalize(name);
      if (isAbsolute(path) || path.startsWith("..")) throw new Error(`it is not below ${directory}`);
      return withoutLineEnd(await readFile(join(directory, path), "utf8"));
    },
  };
}
