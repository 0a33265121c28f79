// etcd and a kube-apiserver on free ports of this machine, with everything in a folder of their own, and kubectl towards it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../harness/free-port.mjs";

const token = "a-token-of-this-run";

/** @returns {Promise<{ kubectl: Function, stop(): Promise<void> }>} */
export async function startApiServer(binary, folder) {
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const etcd = start("etcd", [
    ...["--data-dir", join(folder, "etcd"), "--listen-client-urls", etcdUrl, "--advertise-client-urls", etcdUrl],
    ...[
      "--listen-peer-urls",
      peerUrl,
      "--initial-advertise-peer-urls",
      peerUrl,
      "--initial-cluster",
      `default=${peerUrl}`,
    ],
  ]);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keyFile = join(folder, "accounts.pem");
  await writeFile(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
  await writeFile(join(folder, "tokens.csv"), `${token},admin,admin,system:masters\n`);
  const server = start(binary, [
    ...[
      "--etcd-servers",
      etcdUrl,
      "--secure-port",
      String(port),
      "--bind-address",
      "127.0.0.1",
      "--cert-dir",
      join(folder, "certs"),
    ],
    ...["--service-account-issuer", "https://accounts.example.com", "--service-account-key-file", keyFile],
    ...["--service-account-signing-key-file", keyFile, "--token-auth-file", join(folder, "tokens.csv")],
    ...["--authorization-mode", "AlwaysAllow", "--service-cluster-ip-range", "10.0.0.0/16"],
  ]);
  const connection = [`--server=https://127.0.0.1:${port}`, `--token=${token}`, "--insecure-skip-tls-verify"];
  const kubectl = (args, input, mustSucceed = true) => {
    const ended = spawnSync("kubectl", [...connection, ...args], { encoding: "utf8", input, maxBuffer: 64e6 });
    if (mustSucceed)
      assert.equal(ended.status, 0, `kubectl ${args.join(" ")}\n${ended.stdout}${ended.stderr}\n${server.tail()}`);
    return ended;
  };
  await ready(
    () => kubectl(["get", "--raw", "/readyz"], undefined, false).status === 0,
    () => etcd.tail() + server.tail(),
  );
  return {
    kubectl,
    async stop() {
      await server.stop();
      await etcd.stop();
    },
  };
}

async function ready(isReady, tail) {
  for (let attempt = 0; attempt < 120; attempt++) {
    if (isReady()) return;
    await sleep(1000);
  }
  throw new Error(`the API server is not ready\n${tail()}`);
}

function start(command, args) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const lines = [];
  const keep = (text) => {
    lines.push(text);
    if (lines.length > 40) lines.shift();
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  const ended = new Promise((resolve) => child.once("close", resolve));
  return {
    tail: () => lines.join(""),
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}
