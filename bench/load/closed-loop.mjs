// As many requests as a server takes: wrk where it is on the PATH, else autocannon from npm, which is itself a Node program and reaches its
// own limit sooner. Each connection sends its next request when the last one has been answered.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a result names as its load generator. */
export function describeGenerator() {
  const wrk = spawnSync("wrk", ["--version"], { encoding: "utf8" });
  const version = /wrk (\S+)/.exec(`${wrk.stdout ?? ""}${wrk.stderr ?? ""}`);
  return wrk.error === undefined ? `wrk ${version?.[1] ?? ""}`.trim() : "autocannon";
}

/** @returns {Promise<{ requests: number, seconds: number, failing: number, broken: number }>} */
export function driveClosedLoop({ generator, url, requests, connections, seconds }) {
  const drive = generator.startsWith("wrk") ? driveWithWrk : driveWithAutocannon;
  return drive({ url, requests, connections, seconds });
}

const luaText = (text) =>
  `"${text.replace(/[^\w /?&=:.,%-]/g, (sign) => [...Buffer.from(sign)].map(luaEscape).join(""))}"`;
const luaEscape = (byte) => `\\${String(byte).padStart(3, "0")}`;

/** All requests are made ready before the first is sent. */
function scriptOf(requests) {
  const formats = requests.map(({ method, path, headers = {}, body }) => {
    const table = Object.entries(headers).map(([name, value]) => `[${luaText(name)}] = ${luaText(value)}`);
    const content = body === undefined ? "nil" : luaText(body);
    return `wrk.format(${luaText(method)}, ${luaText(path)}, { ${table.join(", ")} }, ${content})`;
  });
  return `
local texts = {}
local at = 0
function init()
  texts = { ${formats.join(",\n    ")} }
end
function request()
  at = at % #texts + 1
  return texts[at]
end
function done(summary)
  local errors = summary.errors
  io.write(string.format('\\n{"requests":%d,"micros":%d,"failing":%d,"broken":%d}\\n', summary.requests,
    summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
`;
}

/** wrk counts in whole seconds. */
async function driveWithWrk({ url, requests, connections, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), "tenon-bench-"));
  try {
    const script = join(folder, "requests.lua");
    writeFileSync(script, scriptOf(requests));
    const output = await outputOf("wrk", [
      "-t1",
      `-c${connections}`,
      `-d${Math.max(1, Math.round(seconds))}s`,
      "-s",
      script,
      url,
    ]);
    const { micros, ...counts } = JSON.parse(output.trim().split("\n").at(-1));
    return { ...counts, seconds: micros / 1e6 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function outputOf(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${command} ended with ${code}: ${output}`)),
    );
  });
}

async function driveWithAutocannon({ url, requests, connections, seconds }) {
  const { default: autocannon } = await import("autocannon");
  const result = await autocannon({ url, requests, connections, duration: seconds, workers: 1 });
  return {
    requests: result.requests.total,
    seconds: result.duration,
    failing: result.non2xx,
    broken: result.errors + result.timeouts,
  };
}
