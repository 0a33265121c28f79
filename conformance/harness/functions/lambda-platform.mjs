// Stands for AWS Lambda on this machine: functions run in processes of their own, one invocation at a time each, more processes where more
// is asked at once, and every process is frozen (SIGSTOP) while it has nothing to answer, so that work behind an answer does not go on.
// Speaks the published runtime API to them, and is the front door that turns HTTP into events.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { answerWith, eventFrom } from "./lambda-front-doors.mjs";

const runtime = fileURLToPath(new URL("./lambda-runtime.mjs", import.meta.url));

/**
 * @param {{ dir: string, handler: string, env: () => Record<string, string>, door?: "url" | "http-api" | "rest-api" | "alb", timeoutMs?: number,
 *   mostInstances?: number }} options
 *   `dir`: of the function, with `handler` ("lambda.handler") in it. `mostInstances`: processes at a time; 1 where what a process
 *   remembers is looked at, since a second one is begun whenever something is asked before the first is free again
 */
export async function startLambda(options) {
  const lambda = new Lambda(options);
  await lambda.open();
  return lambda;
}

class Lambda {
  #options;
  #front;
  #instances = new Set();
  #waiting = [];
  #sequence = 0;
  output = "";
  coldStarts = 0;

  constructor(options) {
    this.#options = { door: "url", timeoutMs: 60_000, mostInstances: 3, ...options };
  }

  async open() {
    this.#front = createServer((request, response) => void this.#serve(request, response));
    await new Promise((resolve) => this.#front.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.#front.address().port}`;
  }

  async #serve(request, response) {
    const event = eventFrom(this.#options.door, request, Buffer.concat(await request.toArray()));
    const outcome = await this.#invoke(event, (head, body) => {
      response.writeHead(head.statusCode, {
        ...head.headers,
        ...(head.cookies?.length > 0 ? { "set-cookie": head.cookies } : {}),
      });
      body.pipe(response);
    });
    if (outcome.streamed) return;
    if (outcome.error !== undefined) response.writeHead(502).end(JSON.stringify(outcome.error));
    else answerWith(this.#options.door, response, outcome.result);
  }

  /** The result of an event that is no HTTP. Throws with what the function threw. */
  async invoke(event) {
    const { error, result } = await this.#invoke(event);
    if (error !== undefined) throw new Error(`${error.errorType}: ${error.errorMessage}`);
    return result;
  }

  #invoke(event, onStream) {
    return new Promise((resolve) => {
      this.#waiting.push({ id: `request-${++this.#sequence}`, event, onStream, resolve });
      this.#dispatch();
    });
  }

  #dispatch() {
    while (this.#waiting.length > 0) {
      const idle = [...this.#instances].find(({ next }) => next !== undefined);
      if (idle !== undefined) this.#give(idle, this.#waiting.shift());
      else {
        const starting = [...this.#instances].filter(({ isStarting }) => isStarting).length;
        if (this.#instances.size >= this.#options.mostInstances || starting >= this.#waiting.length) return;
        this.#start();
      }
    }
  }

  #give(instance, invocation) {
    const { next } = instance;
    instance.next = undefined;
    instance.current = invocation;
    instance.child.kill("SIGCONT");
    next.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": invocation.id,
      "lambda-runtime-deadline-ms": String(Date.now() + this.#options.timeoutMs),
      "lambda-runtime-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
    });
    next.end(JSON.stringify(invocation.event));
  }

  #start() {
    const instance = { isStarting: true };
    this.#instances.add(instance);
    this.coldStarts++;
    const server = createServer((request, response) => void this.#answerRuntime(instance, request, response));
    instance.server = server;
    server.listen(0, "127.0.0.1", () => {
      const { dir, handler, env } = this.#options;
      instance.child = spawn(process.execPath, [runtime], {
        cwd: dir,
        env: {
          PATH: process.env.PATH,
          ...env(),
          AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}`,
          _HANDLER: handler,
          LAMBDA_TASK_ROOT: dir,
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      for (const stream of [instance.child.stdout, instance.child.stderr]) {
        stream.setEncoding("utf8").on("data", (text) => {
          this.output += text;
        });
      }
      instance.child.once("exit", () => this.#gone(instance));
    });
  }

  async #answerRuntime(instance, request, response) {
    const { url } = request;
    if (url.endsWith("/invocation/next")) {
      instance.isStarting = false;
      instance.next = response;
      // Nothing runs until there is something to do.
      instance.child.kill("SIGSTOP");
      this.#dispatch();
      return;
    }
    const isStreaming = request.headers["lambda-runtime-function-response-mode"] === "streaming";
    if (isStreaming && instance.current.onStream !== undefined) await this.#passStream(instance.current, request);
    else {
      const body = Buffer.concat(await request.toArray()).toString();
      if (url.endsWith("/response")) instance.current.resolve({ result: JSON.parse(body) });
      else if (url.endsWith("/error") && instance.current !== undefined)
        instance.current.resolve({ error: JSON.parse(body) });
      else this.#failStart(JSON.parse(body));
    }
    response.writeHead(202).end();
  }

  /** The head is JSON, and eight zero bytes stand behind it. */
  async #passStream(invocation, request) {
    let received = Buffer.alloc(0);
    await new Promise((resolve, reject) => {
      const read = (chunk) => {
        received = Buffer.concat([received, chunk]);
        const end = received.indexOf(Buffer.alloc(8));
        if (end === -1) return;
        request.off("data", read);
        request.pause();
        const head = JSON.parse(received.subarray(0, end).toString());
        request.unshift(received.subarray(end + 8));
        invocation.onStream(head, request);
        request.once("end", resolve);
      };
      request.on("data", read);
      request.once("error", reject);
    });
    invocation.resolve({ streamed: true });
  }

  #failStart(error) {
    for (const { resolve } of this.#waiting.splice(0)) resolve({ error });
  }

  #gone(instance) {
    this.#instances.delete(instance);
    instance.server.closeAllConnections();
    instance.server.close();
    instance.current?.resolve({ error: { errorType: "Runtime.ExitError", errorMessage: "the process ended" } });
    if (instance.isStarting) this.#failStart({ errorType: "Runtime.ExitError", errorMessage: this.output });
  }

  /** Of the processes that are there. */
  get pids() {
    return [...this.#instances].map(({ child }) => child.pid);
  }

  /** Ends processes as the platform does: frozen ones get no time. */
  async stop() {
    this.#front.closeAllConnections();
    this.#front.close();
    const ends = [...this.#instances].map(({ child }) => new Promise((resolve) => child.once("exit", resolve)));
    for (const { child } of this.#instances) child.kill("SIGKILL");
    await Promise.all(ends);
  }
}
