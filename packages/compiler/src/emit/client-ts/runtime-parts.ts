// The part of a client that is the same for every app: the modules of templates/client put behind one another, without their imports
// and without what this app has no use for.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What an app may not need: marked in the templates by `// if streams` ... `// end streams`. */
export type Feature = "streams" | "events" | "raw";

const files = ["errors", "route", "wire", "deadline", "base-client", "streams", "event-stream"] as const;
const neededBy: Partial<Record<(typeof files)[number], Feature>> = { streams: "streams", "event-stream": "events" };

/** What the client's users may import; everything else is the client's own business. */
const publicNames = new Set([
  "APIError",
  "APIErrorOf",
  "APIErrorResponse",
  "CallOptions",
  "ErrCode",
  "EventStream",
  "Fetcher",
  "RawInit",
  "RetryOptions",
  "ServerEvent",
  "StreamIn",
  "StreamInOut",
  "StreamOut",
  "WebSocketClass",
  "WebSocketLike",
  "isAPIError",
]);

export function runtimeText(features: ReadonlySet<Feature>): string {
  return files
    .filter((file) => neededBy[file] === undefined || features.has(neededBy[file]))
    .map((file) => partText(readTemplate(file), features))
    .join("\n\n");
}

/** Names that stand at the top of the client, whether this app needs them or not: the same name should not come and go. */
export function runtimeNames(): string[] {
  const declaration = /^(?:export )?(?:default )?(?:async )?(?:function\*?|class|const|interface|type) ([\w$]+)/gm;
  return files.flatMap((file) => [...readTemplate(file).matchAll(declaration)].map((match) => match[1]!));
}

function readTemplate(file: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../templates/client/${file}.ts`, import.meta.url)), "utf8");
}

function partText(template: string, features: ReadonlySet<Feature>): string {
  return withoutFeatures(template, features)
    .replace(/^import [^;]*;\n/gm, "")
    .replace(/^ *\/\/ biome-ignore .*\n/gm, "")
    .replace(/^export (?=(?:async )?(?:function\*?|class|const|interface|type) ([\w$]+))/gm, (prefix, name: string) =>
      publicNames.has(name) ? prefix : "",
    )
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function withoutFeatures(template: string, features: ReadonlySet<Feature>): string {
  const lines: string[] = [];
  let left: string | undefined;
  for (const line of template.split("\n")) {
    const mark = /^ *\/\/ (if|end) (\w+)$/.exec(line);
    if (mark === null) {
      if (left === undefined) lines.push(line);
    } else if (mark[1] === "if") left ??= features.has(mark[2] as Feature) ? undefined : mark[2];
    else if (left === mark[2]) left = undefined;
  }
  return lines.join("\n");
}
