// Runs a chain of middleware around a handler: the first is outermost. Whoever serves something calls this, and only when there is a
// chain, so that work without middleware pays nothing.
import { HandlerResponse } from "./handler-response.ts";
import type { Middleware } from "./middleware.ts";
import type { MiddlewareRequest } from "./middleware-request.ts";

/** Resolves with the answer as the outermost middleware left it. `next` may be called again: the rest of the chain then runs again. */
export async function runMiddleware(
  chain: readonly Middleware[],
  request: MiddlewareRequest,
  handle: () => unknown,
): Promise<HandlerResponse> {
  const step = async (index: number, current: MiddlewareRequest): Promise<HandlerResponse> => {
    const middleware = chain[index];
    if (middleware === undefined) return new HandlerResponse(await handle());
    const response = await middleware(current, (next) => step(index + 1, next ?? current));
    if (response instanceof HandlerResponse) return response;
    const name = middleware.name === "" ? "a middleware" : `the middleware ${middleware.name}`;
    throw new TypeError(`${name} must return what next() resolved with, or a new HandlerResponse(payload)`);
  };
  return step(0, request);
}
