// docs/performance.md and its charts, all of it from raw results.
import { enduranceSection } from "./endurance-section.mjs";
import { killsSection } from "./kills-section.mjs";
import { httpSection } from "./http-section.mjs";
import { messagesSection } from "./messages-section.mjs";
import { rpcSection } from "./rpc-section.mjs";
import { startSection } from "./start-section.mjs";

const method = `# Performance

Written by \`npm run report\` in \`bench/\` from the raw results in \`bench/results\`; nothing here is edited by hand. To measure yourself, leave the
machine alone and run \`npm ci && npm run build\` at the root, then \`npm ci && npm run bench\` in \`bench/\`.

- **Equal work.** Before anything is measured every peer is sent the same requests, valid ones and every kind of invalid one, and must give the
  same answers and refuse the same. One that does not is not measured. On the way out, Tenon checks and projects answers onto their types; Fastify writes
  them by its schemas and Elysia checks them; the others send what the handler gives.
- **Tracing.** Tenon records two spans for every request and exports them to a collector on the same machine, unless a row says otherwise. No peer traces.
- **CPU time per request** is the server's own account (\`process.cpuUsage\`, workers included), of Tenon read more than a second after the load, so that
  spans sent later are counted, divided by the requests answered. On a small machine it says more than requests per second, in which
  the load generator has its share.
- **Requests per second** is a closed loop at saturation. **Latency** (p50 / p99 / p99.9) is an open loop: requests are due at fixed times and
  latency counts from then, so a server that stalls is charged for all that waited. One rate is the same for all, 70 % of the slowest one's maximum; the
  other is 70 % of each one's own.
- Every sample is a fresh process, warmed up; peers take turns; figures are medians of the rounds. One process and one worker, unless a row says otherwise.
`;

/** `http`, `rpc`, `messages` and `messagesAlone`: one run per version of Node; `start` and `soak`: one or none; `fuzz` and `kills`: any number.
 * @returns {{ text: string, charts: Map<string, string> }} */
export function performancePage({ http, rpc, messages = [], messagesAlone = [], start, soak, fuzz = [], kills = [] }) {
  const sections = http.map(httpSection);
  const endurance = enduranceSection({ soak, fuzz });
  const charts = new Map([...sections, endurance].flatMap((section) => [...section.charts]));
  const text = [
    method,
    ...sections.map((section) => section.text),
    ...rpc.map(rpcSection),
    ...messages.map((run) =>
      messagesSection(
        run,
        messagesAlone.find((alone) => isSameNode(run, alone)),
      ),
    ),
    ...startSection(start),
    ...endurance.text,
    ...killsSection(kills),
  ].join("\n");
  return { text, charts };
}

function isSameNode({ environment: { node } }, other) {
  return other.environment.node === node;
}
