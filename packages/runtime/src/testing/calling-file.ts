// Which file of the app the running code was called from, by the stack: modules of a test have no other mark of whose they are.
import { fileURLToPath } from "node:url";

const frames = 30;
const ownPackages = /[\\/](?:node_modules|packages[\\/](?:runtime|tenon)[\\/]dist)[\\/]/;

/** Absolute, with forward slashes: the nearest file that is not the framework's or an installed package's. */
export function callingFile(): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = frames;
  const { stack = "" } = new Error("where am I");
  Error.stackTraceLimit = limit;
  for (const line of stack.split("\n").slice(1)) {
    const place = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?)(?:\?[^:()]*)?:\d+:\d+\)?$/.exec(
      line,
    )?.[1];
    if (place === undefined) continue;
    const file = place.startsWith("file://") ? fileURLToPath(place) : place;
    if (!ownPackages.test(file)) return file.replaceAll("\\", "/");
  }
  return undefined;
}
