// The items of an endpoint of another process: one line each of an answer that is read no faster than the caller takes them.
import { type IncomingMessage, request as sendRequest } from "node:http";
import type { Codec, Issue } from "@tenon/model";
import type { Identity } from "../auth/identity.ts";
import { APIError } from "../call/api-error.ts";
import { CALL_HEADERS } from "../call/call-headers.ts";
import type { Cancellation } from "../call/cancellation.ts";
import type { CallContext } from "../call/context.ts";
import { RequestError } from "../call/request-error.ts";
import type { ResolvedTarget } from "../call/resolve.ts";
import type { Topology } from "../call/topology.ts";
import { errorIn, readRefusal } from "../call/remote-answer.ts";
import { callHeaders, encodeRequest } from "../call/transport-http.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { INTERNAL_LINES } from "./item-format.ts";

export async function* itemsOverHttp(
  topology: Topology,
  target: ResolvedTarget,
  request: unknown,
  span: RecordingSpan,
  parent: CallContext | undefined,
  deadlineAt: number,
  opening: Cancellation,
  lasting: Cancellation,
  identity: Identity | undefined,
): AsyncGenerator<unknown, void, void> {
  const body = encodeRequest(target, request);
  const remote = topology.remoteBook.at(target.service, topology.remoteAddress(target.service));
  const headers = {
    ...callHeaders(topology.credential, span, parent, deadlineAt),
    ...identity?.headers,
    host: remote.authority,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  };
  const options = { ...remote.location, agent: remote.agent, method: "POST", path: target.path, headers };
  const upstream = sendRequest(options);
  let reason: APIError | undefined;
  const cancel = {
    cancel(canceled: APIError) {
      reason ??= canceled;
      upstream.destroy();
    },
  };
  opening.add(cancel);
  lasting.add(cancel);
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      upstream.once("response", resolve);
      upstream.on("error", reject);
      upstream.end(body);
    });
    if (answer.headers[CALL_HEADERS.outcome] !== "result") throw await readRefusal(target, answer);
    yield* itemsIn(target, answer);
  } catch (error) {
    throw reason ?? transportError(target, error);
  } finally {
    opening.remove(cancel);
    lasting.remove(cancel);
    upstream.destroy();
  }
}

/** Throws what the other side says has gone wrong, or that it has not come to its end. */
async function* itemsIn(target: ResolvedTarget, answer: IncomingMessage): AsyncGenerator<unknown, void, void> {
  for await (const line of linesOf(answer)) {
    const text = line.slice(1);
    switch (line.charAt(0)) {
      case INTERNAL_LINES.item:
        yield decodeItem(target, text);
        break;
      case INTERNAL_LINES.error:
        throw errorIn(target, text, target.codec.errors);
      case INTERNAL_LINES.end:
        return;
      default:
        break;
    }
  }
  throw new RequestError("stream_broken", { endpoint: target.name });
}

async function* linesOf(answer: IncomingMessage): AsyncGenerator<string, void, void> {
  answer.setEncoding("utf8");
  let rest = "";
  for await (const chunk of answer as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

function decodeItem(target: ResolvedTarget, text: string): unknown {
  const codec: Codec = target.codec.outgoing!;
  const issues: Issue[] = [];
  const wire: unknown = JSON.parse(text);
  const item = target.kind === "sse" ? decodeEvent(codec, wire, issues) : codec.decode(wire, issues);
  if (issues.length > 0) throw new RequestError("internal_error", {}, new Error(JSON.stringify(issues)));
  return item;
}

function decodeEvent(codec: Codec, wire: unknown, issues: Issue[]): unknown {
  const { data, ...rest } = wire as { data: unknown };
  return { data: codec.decode(data, issues), ...rest };
}

function transportError(target: ResolvedTarget, error: unknown): APIError {
  if (error instanceof APIError) return error;
  return new RequestError("service_unreachable", { service: target.service }, error);
}
