// The part of the performance page about typed calls.
import { median } from "../harness/results.mjs";

const titles = {
  tenon: "Tenon (TCP)",
  "tenon-unix": "Tenon (unix sockets)",
  fastify: "fetch and Fastify",
  trpc: "tRPC",
  moleculer: "Moleculer (TCP)",
  grpc: "gRPC (grpc-js)",
};

export function rpcSection({ takenAt, environment: env, samples, settings }) {
  const keys = Object.keys(samples).map((key) => key.split(" | "));
  const cases = [...new Set(keys.map(([name]) => name))];
  const peers = [...new Set(keys.map(([, peer]) => peer))];
  const cellOf = (name, peer) => {
    const list = samples[`${name} | ${peer}`];
    return list === undefined ? "" : median(list.map(({ cpuMicrosPerCall }) => cpuMicrosPerCall)).toFixed(1);
  };
  const rows = cases.map((name) => `| ${name} | ${peers.map((peer) => cellOf(name, peer)).join(" | ")} |`);
  return [
    `## Typed calls, Node ${env.node.slice(1).split(".")[0]}`,
    "",
    "CPU microseconds of all processes together, per call of the driver: one call, or one through a chain of five services (five calls). " +
      `Tracing: ${settings.tracing}.`,
    "",
    `| | ${peers.map((peer) => titles[peer] ?? peer).join(" | ")} |`,
    `|---|${peers.map(() => "---").join("|")}|`,
    ...rows,
    "",
    `${takenAt}; ${settings.rounds} rounds, ${settings.calls} calls a sample, commit ${env.commit}${env.uncommittedChanges ? " with uncommitted changes" : ""}.`,
    "",
  ].join("\n");
}
