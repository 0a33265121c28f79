// The declaration of a public door. The compiler reads its name and who stands at it; at run time it gives access to handlers that no
// file exports.
import type { AnyAuthHandler } from "../auth/auth-handler.ts";
import type { GatewayHook } from "./gateway-request.ts";

export interface GatewayConfig<Handler extends AnyAuthHandler = AnyAuthHandler> {
  /** Default: "api-gateway". */
  readonly name?: string;
  /** Finds out who is asking. */
  readonly authHandler?: Handler;
  /** Several: the first whose parameters a request carries decides. */
  readonly authHandlers?: readonly Handler[];
  /** Host names it answers for, without ports; one "*" in each stands for at least one character. Default: all that no other one names. */
  readonly hosts?: readonly string[];
  /** Only exposed endpoints with at least one of these tags. Default: all that are exposed. */
  readonly tags?: readonly string[];
  /** Looks at every request first, in this order, before anybody is identified: may answer or refuse it. */
  readonly onRequest?: readonly GatewayHook[];
}

/** A public door of the app: `export const gateway = new Gateway({ authHandler: auth })`, in any file. */
export class Gateway<Handler extends AnyAuthHandler = AnyAuthHandler> {
  readonly name: string;
  readonly config: GatewayConfig<Handler>;
  /** For types only: the handlers that stand here. */
  declare readonly authHandler: Handler;

  constructor(config: GatewayConfig<Handler> = {}) {
    this.name = config.name ?? "api-gateway";
    this.config = config;
    declared.push(this as Gateway);
  }
}

let declared: Gateway[] = [];

/** Those made since it was last asked: by the modules that were loaded meanwhile. */
export function takeDeclaredGateways(): readonly Gateway[] {
  const taken = declared;
  declared = [];
  return taken;
}

/** In the order in which they are tried. */
export function authHandlersOf({ config }: Gateway): readonly AnyAuthHandler[] {
  const { authHandler, authHandlers = [] } = config;
  return authHandler === undefined ? authHandlers : [authHandler, ...authHandlers];
}
