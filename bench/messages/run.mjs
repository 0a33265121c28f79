// Messages through PostgreSQL, Tenon and its peers on one server: `npm run messages [-- scenario ...] [--quick] [--peers tenon,pg-boss]
// [--rounds 5] [--node PATH]`. The server is the one that `tenon dev` embeds, with its settings. Every message is published by one
// process and handled by another; Tenon's are validated, traced and the spans exported. Raw results go to bench/results.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startResponder } from "../harness/child.mjs";
import { root, versionOfNode } from "../harness/environment.mjs";
import { importBuilt } from "../harness/import-built.mjs";
import { median, saveResults } from "../harness/results.mjs";
import { buildTenonApp, sample } from "./sample.mjs";
import { scenarios } from "./scenarios.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    peers: { type: "string", default: "tenon,pg-boss,graphile-worker" },
    rounds: { type: "string" },
    node: { type: "string", default: process.execPath },
  },
});

const scale = values.quick ? 0.4 : 1;
const rounds = Number(values.rounds ?? (values.quick ? 3 : 5));
const wanted = Object.entries(scenarios).filter(([name]) => positionals.length === 0 || positionals.includes(name));
const peers = values.peers.split(",");

const { startPostgres } = await importBuilt(join(root, "packages"), "tenon/dist/engines/postgres/start-postgres.js");
const folder = mkdtempSync(join(tmpdir(), "tenon-bench-messages-"));
const server = await startPostgres({ dataDir: join(folder, "pg") });
const sink = startResponder(new URL("../http/trace-sink.mjs", import.meta.url).pathname);
const { endpoint: otlpEndpoint } = await sink.ask({ question: "endpoint" });
const samples = {};
const failures = [];
try {
  if (peers.includes("tenon")) buildTenonApp();
  for (let round = 1; round <= rounds; round++) {
    for (const [name, scenario] of wanted) {
      if (values.quick && round > (scenario.quickRounds ?? rounds)) continue;
      // The order changes from round to round: what one leaves behind for the next is spread over all.
      const turn = round % 2 === 0 ? peers.toReversed() : peers;
      for (const peer of turn.filter((one) => scenario.peers?.includes(one) ?? true))
        await measure(round, name, scenario, peer);
    }
  }
} finally {
  await sink.stop();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(round, name, scenario, peer) {
  const settings = { adminUrl: server.adminUrl, serverPid: server.pid, node: values.node, otlpEndpoint, scale };
  try {
    // A port that was free may be taken before a process listens on it.
    const figures = await sample(peer, scenario, settings).catch((error) => {
      if (!error.message.includes("already in use")) throw error;
      return sample(peer, scenario, settings);
    });
    const { spans } = await sink.ask({ question: "spans" });
    const key = `${name} | ${peer}`;
    samples[key] = [...(samples[key] ?? []), { ...figures, spans }];
    console.log(`${round} ${name.padEnd(28)} ${peer.padEnd(16)} ${textOf(figures)}`);
  } catch (error) {
    console.log(`FAILED ${name} ${peer}: ${error.message}`);
    failures.push({ scenario: name, peer, error: error.message });
  }
}

function textOf(figures) {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value.toFixed(value < 10 ? 3 : 0)}`)
    .join("  ");
}

for (const [key, list] of Object.entries(samples)) {
  const names = Object.keys(list[0]).filter((name) => name !== "spans");
  console.log(
    `median ${key.padEnd(46)} ${textOf(Object.fromEntries(names.map((name) => [name, median(list.map((one) => one[name]))])))}`,
  );
}
const settings = {
  rounds,
  quick: values.quick,
  postgres: server.version,
  fsync: "off, as tenon dev has it; the same server for all",
  tracing: "Tenon: every message, exported; peers: none",
  failures,
};
const major = versionOfNode(values.node).slice(1).split(".")[0];
/** A run of Tenon alone must not take the place of one beside its peers. */
const area = peers.length === 1 ? "messages-alone" : "messages";
console.log(saveResults(`${area}-node${major}`, settings, samples, values.node));
process.exitCode = failures.length > 0 ? 1 : 0;
