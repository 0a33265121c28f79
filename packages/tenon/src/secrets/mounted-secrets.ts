// Secrets as files of a folder, one each, named as the secret: what Kubernetes, Docker and systemd mount.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../commands/definition.ts";

export const MOUNT_VARIABLE = "TENON_SECRETS_DIR";

/** Those of `names` that are there. One line end at the end of a file is not part of the value. */
export async function readMountedSecrets(
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const folder = environment[MOUNT_VARIABLE];
  if (folder === undefined || folder === "") return {};
  const values: Record<string, string> = {};
  await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw new CommandError(
          "secret_unreadable",
          `the secret "${name}" in ${folder} can't be read: ${error.message}`,
          `Check the permissions of what ${MOUNT_VARIABLE} names.`,
        );
      });
      if (text !== undefined) values[name] = text.replace(/\r?\n$/, "");
    }),
  );
  return values;
}
