// What AWS Lambda's own runtime does for a function, in a process of its own: loads the handler, asks the runtime API
// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, version 2018-06-01) for one invocation after the other, and tells how each
// has ended; for a streaming handler while it writes.
import { request } from "node:http";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";

const { AWS_LAMBDA_RUNTIME_API: api, _HANDLER: name, LAMBDA_TASK_ROOT: taskRoot } = process.env;
const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
const HTTP_RESPONSE = "application/vnd.awslambda.http-integration-response";

/** The head goes out with the first write, whatever its length. */
class ResponseStream extends PassThrough {
  contentType = "application/octet-stream";
  head = undefined;
  onFirstWrite = undefined;

  write(...args) {
    this.onFirstWrite?.();
    this.onFirstWrite = undefined;
    return super.write(...args);
  }
}

globalThis.awslambda = {
  streamifyResponse: (handler) => Object.assign(handler, { [STREAMING]: "response" }),
  HttpResponseStream: {
    from(stream, head) {
      stream.contentType = HTTP_RESPONSE;
      stream.head = head;
      return stream;
    },
  },
};

let handler;
try {
  const [file, exported] = name.split(".");
  handler = (await import(pathToFileURL(join(taskRoot, `${file}.mjs`)).href))[exported];
} catch (error) {
  await send("/init/error", JSON.stringify(failure(error)));
  console.error(error);
  process.exit(1);
}

for (;;) {
  const { headers, body } = await send("/invocation/next");
  const id = headers["lambda-runtime-aws-request-id"];
  const deadlineAt = Number(headers["lambda-runtime-deadline-ms"]);
  process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"] ?? "";
  const context = { awsRequestId: id, getRemainingTimeInMillis: () => Math.max(0, deadlineAt - Date.now()) };
  try {
    if (handler[STREAMING] === "response") await invokeStreaming(id, JSON.parse(body), context);
    else await send(`/invocation/${id}/response`, JSON.stringify((await handler(JSON.parse(body), context)) ?? null));
  } catch (error) {
    await send(`/invocation/${id}/error`, JSON.stringify(failure(error)));
  }
}

async function invokeStreaming(id, event, context) {
  const stream = new ResponseStream();
  const sent = new Promise((resolve, reject) => {
    stream.onFirstWrite = () => {
      const headers = { "lambda-runtime-function-response-mode": "streaming", "content-type": stream.contentType };
      const upstream = begin(`/invocation/${id}/response`, headers, resolve, reject);
      if (stream.head !== undefined)
        upstream.write(Buffer.concat([Buffer.from(JSON.stringify(stream.head)), Buffer.alloc(8)]));
      stream.pipe(upstream);
    };
  });
  await handler(event, stream, context);
  await sent;
}

function failure(error) {
  return { errorType: error.name ?? "Error", errorMessage: error.message ?? String(error), stackTrace: [] };
}

function begin(path, headers, resolve, reject) {
  const sent = request(`http://${api}/2018-06-01/runtime${path}`, { method: "POST", headers }, (answer) => {
    answer.resume();
    answer.once("end", resolve);
  });
  sent.once("error", reject);
  return sent;
}

function send(path, body) {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const sent = request(`http://${api}/2018-06-01/runtime${path}`, { method }, async (answer) => {
      const chunks = await answer.toArray();
      resolve({ headers: answer.headers, body: Buffer.concat(chunks).toString() });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
