// Stands for the host and worker of Azure Functions in one process: the functions register themselves with the real `@azure/functions`, whose
// other side (`@azure/functions-core`, which only Azure has) is this module. HTTP goes the way of streamed requests: the host passes it on to
// the library's own server, and tells of the invocation beside it.
import { createServer, request as sendRequest } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [dir] = process.argv.slice(2);
const functions = [];
let model;
let sequence = 0;

const require = createRequire(import.meta.url);
const core = {
  setProgrammingModel(given) {
    model = given;
  },
  registerFunction(metadata, callback) {
    functions.push({ metadata, callback });
    return { dispose() {} };
  },
  coreInvocationLog() {},
  log() {},
};
const Module = require("node:module");
const load = Module._load;
Module._load = (name, ...rest) => (name === "@azure/functions-core" ? core : load(name, ...rest));

await import(pathToFileURL(join(dir, "azure.mjs")).href);
const { HttpUri: uri } = await model.getCapabilities({});
const http = functions.find(({ metadata }) =>
  Object.values(metadata.bindings).some(({ type }) => type === "httpTrigger"),
);

createServer((request, response) => {
  const invocationId = `invocation-${++sequence}`;
  const headers = {
    ...request.headers,
    "x-forwarded-host": request.headers.host,
    "x-forwarded-proto": "http",
    "x-forwarded-for": "192.0.2.7:4711",
  };
  const options = {
    method: request.method,
    path: request.url,
    headers: { ...headers, "x-ms-invocation-id": invocationId },
  };
  const upstream = sendRequest(uri, { ...options, agent: false }, (answer) => {
    const { "x-ms-invocation-id": _id, ...others } = answer.headers;
    response.writeHead(answer.statusCode, others);
    answer.pipe(response);
  });
  request.pipe(upstream);
  const data = { Headers: { json: JSON.stringify(headers) }, Query: { json: "{}" } };
  invoke(http, invocationId, data).catch((error) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500);
    response.end();
    upstream.destroy();
  });
}).listen(Number(process.env.PORT), "127.0.0.1", () => console.log("azure functions serve"));

async function invoke({ metadata, callback }, invocationId, triggerMetadata) {
  const [name] =
    Object.entries(metadata.bindings).find(([, { direction }]) => direction === "in") ??
    Object.entries(metadata.bindings)[0];
  const request = { invocationId, triggerMetadata, inputData: [{ name, data: {} }] };
  const invocation = model.getInvocationModel({ invocationId, metadata, request, state: undefined, log() {} });
  const { context, inputs } = await invocation.getArguments();
  return invocation.getResponse(context, await invocation.invokeFunction(context, inputs, callback));
}
