// Hands an exchange to the user's code, whichever form it has.
import { Server } from "node:http";
import type { NodeExchange } from "../call/exchange.ts";
import type { RawTarget } from "./raw-handler.ts";

/** What the handler returns or throws is the result; a server answers by its listeners alone. */
export function callTarget(target: RawTarget, { request, response }: NodeExchange): unknown {
  if (!isServer(target)) return target(request, response);
  if (!target.emit("request", request, response)) throw new Error("the server of this endpoint has no request listener");
  return undefined;
}

/** Also servers of other copies of the module, and of `node:https`. */
export function isServer(target: unknown): target is Server {
  return target instanceof Server || (typeof target === "object" && target !== null && "emit" in target);
}

