// Serves one stream from its handshake to its end: runs the handler with it, tells the other side how that went, and keeps the span
// until both the handler and the stream are done.
import type { APIError } from "../call/api-error.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { failed, invoke } from "../call/invoke.ts";
import type { ServedCall } from "../call/served-call.ts";
import { addLiveStream, removeLiveStream } from "./live-streams.ts";
import { createServedStream, type ServedStream } from "./served-stream.ts";
import type { ServingPort } from "./stream-port.ts";

/** A handler that waits for something that never comes is not waited for longer than this once its stream is over. */
const LINGER_MS = 5_000;

/** Streams whose handlers run: nobody may take them for forgotten. */
const inHandlers = new Set<ServedStream>();

/** Never rejects. */
export async function runStream(
  hosted: HostedEndpoint,
  served: ServedCall,
  handshake: unknown,
  port: ServingPort,
): Promise<void> {
  addLiveStream(port);
  const over = new Promise<APIError | undefined>((resolve) => port.onOver(resolve));
  const handled = handle(hosted, served, handshake, port);
  const reason = await over;
  removeLiveStream(port);
  await settled(handled);
  const { span } = served;
  span.set("tenon.stream.received", port.inbox.received);
  span.set("tenon.stream.sent", port.sent);
  if (reason !== undefined) span.set("tenon.stream.end", reason.code);
  served.cancellation.release();
  served.end();
}

async function handle(
  hosted: HostedEndpoint,
  served: ServedCall,
  handshake: unknown,
  port: ServingPort,
): Promise<void> {
  const { kind } = hosted.endpoint;
  const stream = createServedStream(kind, port, hosted.name);
  // A handler that only waits for the end has nothing of the stream but its signal.
  inHandlers.add(stream);
  try {
    const value = await invoke(hosted, served, handshake, (_hosted, returned) => returned, stream);
    // The others may be held by something that goes on sending: `close` ends them.
    if (kind === "stream-in") await respond(served, port, value);
  } catch (error) {
    port.fail(error as APIError);
  } finally {
    inHandlers.delete(stream);
  }
}

async function respond(served: ServedCall, port: ServingPort, value: unknown): Promise<void> {
  try {
    await port.respond(value);
  } catch (error) {
    throw failed(served, error);
  }
}

async function settled(handled: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LINGER_MS);
    timer.unref();
  });
  await Promise.race([handled, late]);
  clearTimeout(timer);
}
