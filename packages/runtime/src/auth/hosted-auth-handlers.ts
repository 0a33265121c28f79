// Gets hold of the auth handlers of a service that has just been loaded: by what its files export, or by the gateway of the same file
// for one that is not exported.
import type { AuthHandler, CodecsModule, Graph, ServiceModule } from "@tenon/model";
import { authHandlersOf, type Gateway } from "../gateway/gateway.ts";
import { HostError } from "../lifecycle/host-error.ts";
import type { AnyAuthHandler } from "./auth-handler.ts";
import { HostedAuthHandler } from "./hosted-auth-handler.ts";

/** `gateways`: declared by the modules that were loaded with the service. Throws HostError `auth_handler_missing`, `codec_missing`. */
export function hostedAuthHandlers(
  graph: Graph,
  service: string,
  { resources = {} }: Pick<ServiceModule, "resources">,
  codecs: CodecsModule,
  gateways: readonly Gateway[],
): HostedAuthHandler[] {
  return (graph.authHandlers ?? [])
    .filter((handler) => handler.service === service)
    .map((declaration) => {
      const { name } = declaration;
      const exported = resources[`auth-handler ${name}`] as AnyAuthHandler | undefined;
      const handler = exported ?? atGateway(declaration, graph, gateways);
      const codec = codecs.authHandlers?.[name];
      if (typeof handler !== "function") throw new HostError("auth_handler_missing", { name, service });
      if (codec === undefined) throw new HostError("codec_missing", { service, endpoint: `auth handler ${name}` });
      return new HostedAuthHandler(declaration, codec, handler);
    });
}

function atGateway({ name }: AuthHandler, graph: Graph, gateways: readonly Gateway[]): AnyAuthHandler | undefined {
  for (const declared of graph.gateways ?? []) {
    const index = declared.authHandlers.indexOf(name);
    const gateway = index === -1 ? undefined : gateways.find((one) => one.name === declared.name);
    if (gateway !== undefined) return authHandlersOf(gateway)[index];
  }
  return undefined;
}
