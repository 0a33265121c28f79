// package.sh: one folder for each function, with the part of the app's build that it needs, its infra.json, and what the platform loads.
import type { Unit } from "../../deployment/deployment.ts";
import type { GeneratedFile } from "../../files/generated-file.ts";

/** `entry`: name of the file that goes along; `also`: shell lines for each folder, in "$folder". */
export function packageScript(units: readonly Unit[], entry: string, also: readonly string[] = []): GeneratedFile {
  const steps = units.map(({ name, kind, services }) => {
    const part = kind === "app" ? "" : kind === "gateway" ? " --gateway-only" : ` --services ${services.join(",")}`;
    return `pack ${name}${part}`;
  });
  const text = `#!/bin/sh
# Makes packages/<function> from the app: ./package.sh [folder of the app, ../.. by default]. Needs the app's dependencies installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
app=\${1:-$here/../..}

pack() {
  name=$1
  shift
  folder=$here/packages/$name
  rm -rf "$folder"
  (cd "$app" && npx tenon build . --output "$folder" "$@")
  cp "$here/infra/$name.json" "$folder/infra.json"
  cp "$here/${entry}" "$folder/${entry}"
${also.map((line) => `  ${line}\n`).join("")}}

mkdir -p "$here/packages"
${steps.join("\n")}
`;
  return { path: "package.sh", text, isExecutable: true };
}
