// `tenon/internal/client`: what the generated clients are made of. Not for hand-written code.
import { type CallOpts, clientMethod } from "@tenon/runtime";

export { clientMethod };

/** The client of an endpoint that takes nothing: options are its first argument. */
export function clientMethodWithoutRequest(service: string, endpoint: string): (options?: CallOpts) => unknown {
  const call = clientMethod(service, endpoint);
  return (options) => call(undefined, options);
}
