// `tenon/internal/client`: what the generated clients are made of. Not for hand-written code.
import { type CallOpts, clientMethod, rawClientMethod } from "@tenon/runtime";

export { clientMethod, rawClientMethod };

/** The client of an endpoint that takes nothing: options are its first argument. */
export function clientMethodWithoutRequest(service: string, endpoint: string): (options?: CallOpts) => unknown {
  const call = clientMethod(service, endpoint);
  return (options) => call(undefined, options);
}
