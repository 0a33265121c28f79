// One sample: `sample.mjs <case> <build> <calls> <concurrency>`. Asks the public door of a loaded build, with no server in front, and
// prints the CPU time per request with both spans recorded; what it costs to send them away is not in it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { FakeRequest } from "./fake-request.mjs";
import { requests } from "./requests.mjs";

const [name, buildDir, callsText, concurrencyText] = process.argv.slice(2);
const calls = Number(callsText);
const concurrency = Number(concurrencyText);
const runtime = (path) => import(new URL(`../../packages/runtime/dist/${path}`, import.meta.url).href);
const { Desk } = await runtime("gateway/desk.js");
const { hostedEndpoints } = await runtime("lifecycle/load-build.js");
const { configureTelemetry } = await runtime("telemetry/configure-telemetry.js");

async function openDesk() {
  const read = (file) => JSON.parse(readFileSync(join(buildDir, file), "utf8"));
  const load = (file) => import(pathToFileURL(join(buildDir, file)).href);
  const graph = read("app.json");
  const hosted = new Map();
  for (const service of graph.services) {
    const files = read("build.json").services[service.name];
    const endpoints = hostedEndpoints(service, await load(files.bundle), await load(files.codecs), buildDir);
    for (const endpoint of endpoints) hosted.set(endpoint.name, endpoint);
  }
  configureTelemetry({ sample: 1, otlpEndpoint: null, flushIntervalMs: 1_000 });
  return new Desk({ address: { host: "127.0.0.1", port: 0 }, graph, remotes: {}, credential: "bench", hosted });
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
