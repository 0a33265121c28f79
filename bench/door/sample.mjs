// One sample: `sample.mjs <case> <build> <calls> <concurrency>`. Asks the public door of a loaded build, with no server in front, and
// prints the CPU time per request with both spans recorded; what it costs to send them away is not in it.
import { FakeRequest } from "./fake-request.mjs";
import { requests } from "./requests.mjs";

const [name, buildDir, callsText, concurrencyText] = process.argv.slice(2);
const calls = Number(callsText);
const concurrency = Number(concurrencyText);
const runtime = (path) => import(new URL(`../../packages/runtime/dist/${path}`, import.meta.url).href);
const { Desk } = await runtime("gateway/desk.js");
const { readBuild, importCodecs, importService } = await runtime("lifecycle/load-build.js");
const { installTopology, Topology } = await runtime("call/topology.js");
const { configureTelemetry } = await runtime("telemetry/configure-telemetry.js");

async function openDesk() {
  const build = await readBuild(buildDir);
  const hosted = new Map();
  const topology = new Topology({ graph: build.graph, hosted, codecs: new Map(), credential: "bench", remotes: {} });
  installTopology(topology);
  for (const service of build.graph.services) {
    const codecs = await importCodecs(build, service.name);
    if (codecs.authHandlers !== undefined) topology.auth.addCodecs(codecs.authHandlers);
    const loaded = await importService(build, service, codecs, undefined);
    for (const endpoint of loaded.endpoints) hosted.set(endpoint.name, endpoint);
    for (const handler of loaded.authHandlers) topology.auth.addHosted(handler);
  }
  configureTelemetry({ otlpEndpoint: null, sample: 1, flushIntervalMs: 1_000 });
  const { graph, auth, credential } = topology;
  return new Desk({ address: { host: "127.0.0.1", port: 0 }, graph, remotes: {}, credential, hosted, auth });
}

function check(answer, { answer: body, status = 200 }) {
  if (answer.status !== status || (body !== undefined && answer.body !== body)) {
    throw new Error(`${name} was answered with ${answer.status} ${answer.body}`);
  }
}

const desk = await openDesk();
const asked = requests[name];

async function drive(count) {
  for (let done = 0; done < count; done += concurrency) {
    const answers = [];
    for (let index = 0; index < concurrency; index++) {
      const request = new FakeRequest(asked);
      desk.laneOf(request);
      answers.push(desk.answer(request));
    }
    for (const answer of answers) check(answer instanceof Promise ? await answer : answer, asked);
  }
}

await drive(Math.ceil(calls / 4));
const before = process.cpuUsage();
await drive(calls);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpuMicrosPerRequest: (user + system) / calls }));
