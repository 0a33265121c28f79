// Sends the checks of a scenario to a server and tells every difference to what is expected. A peer with differences is not measured.
import { isDeepStrictEqual } from "node:util";
import { checks } from "./checks.mjs";
import { people } from "./people.mjs";
import { tickLines } from "./peers/tick-lines.mjs";

/** Bodies that are too long to stand in the table of checks. */
const longBodies = { "/people": () => JSON.stringify({ people }), "/ticks": () => [...tickLines()].join("") };

/** @returns {Promise<{ sent: number, differences: string[] }>} */
export async function checkPeer(url, scenario, list = checks) {
  const differences = [];
  const mine = list.filter((check) => check.scenario === scenario);
  for (const check of mine) {
    const difference = await differenceOf(url, check);
    if (difference !== undefined) differences.push(`${check.what}: ${difference}`);
  }
  return { sent: mine.length, differences };
}

async function differenceOf(url, { method, path, headers, body, expected }) {
  const response = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  if (Math.floor(response.status / 100) !== expected.status) {
    return `${response.status} instead of ${expected.status}xx: ${text.slice(0, 200)}`;
  }
  if (expected.status !== 2) return undefined;
  const long = longBodies[path]?.();
  if (path === "/ticks") return text === long ? undefined : "the lines differ";
  return differenceOfJson(text, long === undefined ? expected.json : JSON.parse(long), response);
}

function differenceOfJson(text, wanted, response) {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/json")) return `answered as "${type}"`;
  try {
    return isDeepStrictEqual(JSON.parse(text), wanted) ? undefined : `another answer: ${text.slice(0, 200)}`;
  } catch {
    return `no JSON: ${text.slice(0, 200)}`;
  }
}
