// Hangs up streams that nobody can use any more. A handler may return while something else in the program goes on sending (a set of
// listeners, say), so returning cannot be what ends a stream; but one that is no longer reachable from anywhere would stay open for ever.
import type { StreamPort } from "./stream-port.ts";

const registry = new FinalizationRegistry<StreamPort>((port) => void port.close());

/** `held`: what the program has of the stream. Nothing that `port` refers to may refer to it. */
export function closeWhenForgotten(held: object, port: StreamPort): void {
  registry.register(held, port, port);
  port.onOver(() => registry.unregister(port));
}
