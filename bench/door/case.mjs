// The gate's case of the public door: one endpoint with a path parameter, from the parsed request to its answer, both spans recorded.
// The codec stands here and not in a build, so that a change of the compiler does not change what is measured.
import { importBuilt } from "../harness/import-built.mjs";
import { FakeRequest } from "./fake-request.mjs";
import { requests } from "./requests.mjs";

const concurrency = 16;
let desk;

const codec = {
  request: { decodeHttp: (raw) => ({ name: raw.params[0] }) },
  response: { encode: ({ message }) => ({ message }) },
};

const endpoint = {
  name: "hello",
  kind: "typed",
  methods: ["GET"],
  path: {
    pattern: "/hello/:name",
    segments: [
      { kind: "literal", value: "hello" },
      { kind: "param", name: "name" },
    ],
  },
  expose: true,
  auth: false,
  sensitive: false,
  tags: [],
  bodyLimitBytes: null,
  fields: [{ name: "name", in: "path", wireName: "name" }],
  location: { file: "shop.ts", line: 1, column: 1 },
};

export async function prepare(packagesDir) {
  const { Desk } = await importBuilt(packagesDir, "runtime/dist/gateway/desk.js");
  const { HostedEndpoint } = await importBuilt(packagesDir, "runtime/dist/call/hosted-endpoint.js");
  const services = [{ name: "shop", directory: "shop", endpoints: [endpoint], calls: [], databases: [], secrets: [] }];
  const graph = { version: 1, app: { id: "bench-door" }, services, databases: [], secrets: [], schemas: {} };
  const handler = async ({ name }) => ({ message: `Hello ${name}` });
  const hosted = new Map([["shop.hello", new HostedEndpoint("shop", endpoint, codec, handler)]]);
  desk = new Desk({ address: { host: "127.0.0.1", port: 0 }, graph, remotes: {}, credential: "bench", hosted });
  const answer = await desk.answer(new FakeRequest(requests.hello));
  if (answer.body !== requests.hello.answer) throw new Error(`hello was answered with ${answer.status} ${answer.body}`);
}

export async function run(iterations) {
  for (let done = 0; done < iterations; done += concurrency) {
    const answers = [];
    for (let index = 0; index < concurrency; index++) {
      const request = new FakeRequest(requests.hello);
      desk.laneOf(request);
      answers.push(desk.answer(request));
    }
    for (const answer of answers) await answer;
  }
}
