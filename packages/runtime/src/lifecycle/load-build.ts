// Reads a build folder: the graph, and which files hold each service's bundle and codecs. Imports them, and says whose fault it is when
// that fails.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CodecsModule, Graph, Service, ServiceModule } from "@tenon/model";
import { type Handler, HostedEndpoint } from "../call/hosted-endpoint.ts";
import type { HostedAuthHandler } from "../auth/hosted-auth-handler.ts";
import { hostedAuthHandlers } from "../auth/hosted-auth-handlers.ts";
import type { HostedGateway } from "../gateway/hosted-gateway.ts";
import { hostedGateways } from "../gateway/hosted-gateways.ts";
import { takeDeclaredGateways } from "../gateway/gateway.ts";
import { looseCodecs } from "../codec/loose-codecs.ts";
import type { ServiceSettings } from "../config/service-settings.ts";
import { whileLoading } from "./loading-service.ts";
import { middlewaresOf } from "../middleware/middlewares-of.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { middlewareFor, middlewareForSubscriptions } from "../middleware/select-middleware.ts";
import { createStaticFolder } from "../static/static-folder.ts";
import { HostError } from "./host-error.ts";

/** `build.json`: paths relative to the build folder. */
export interface BuildManifest {
  /** Of services elsewhere the build of a unit has codecs only. */
  readonly services: Readonly<Record<string, { readonly bundle?: string; readonly codecs: string }>>;
}

export interface Build {
  readonly dir: string;
  /** What the paths of static files are relative to. */
  readonly filesDir: string;
  readonly graph: Graph;
  readonly manifest: BuildManifest;
}

/** Throws HostError `build_unreadable`. */
export async function readBuild(buildDir: string, filesDir: string = join(buildDir, "files")): Promise<Build> {
  // One after the other: where both are missing, the same one is named every time.
  const graph = readJson<Graph>(buildDir, "app.json");
  const manifest = readJson<BuildManifest>(buildDir, "build.json");
  if (graph.version !== 1) {
    throw new HostError("build_unreadable", {
      buildDir,
      reason: `app.json has version ${graph.version}, this Tenon reads version 1`,
    });
  }
  return { dir: buildDir, filesDir, graph, manifest };
}

/** At once: a process that starts has nothing else to do, and what reads in the background would have to be loaded first. */
function readJson<T>(buildDir: string, name: string): T {
  try {
    return JSON.parse(readFileSync(join(buildDir, name), "utf8")) as T;
  } catch (error) {
    throw new HostError("build_unreadable", { buildDir, reason: `${name}: ${(error as Error).message}` }, error);
  }
}

/** Throws HostError `service_unknown`. */
export function serviceIn(build: Build, name: string): Service {
  const service = build.graph.services.find((candidate) => candidate.name === name);
  if (service === undefined || build.manifest.services[name]?.bundle === undefined) {
    const known = build.graph.services.map((candidate) => candidate.name).join(", ");
    throw new HostError("service_unknown", { service: name, known });
  }
  return service;
}

/** Throws HostError `codecs_import_failed`. */
export async function importCodecs(build: Build, service: string): Promise<CodecsModule> {
  let module: CodecsModule;
  try {
    module = (await import(fileUrl(build, build.manifest.services[service]!.codecs))) as CodecsModule;
  } catch (error) {
    throw new HostError("codecs_import_failed", { service, reason: reasonOf(error) }, error);
  }
  return build.graph.app.responses === "loose" ? looseCodecs(build.graph, service, module) : module;
}

export interface LoadedService {
  readonly endpoints: readonly HostedEndpoint[];
  /** The default export of its marker file; undefined without one. */
  readonly marker: unknown;
  readonly authHandlers: readonly HostedAuthHandler[];
  readonly gateways: readonly HostedGateway[];
  /** Around the handlers of its subscriptions. */
  readonly subscriptionMiddlewares: readonly Middleware[];
}

/** Runs the service's top-level code. Throws HostError `service_import_failed`, `handler_missing`, `auth_handler_missing`, `codec_missing`. */
export async function importService(
  build: Build,
  service: Service,
  codecs: CodecsModule,
  settings: ServiceSettings | undefined,
): Promise<LoadedService> {
  let module: ServiceModule;
  takeDeclaredGateways();
  try {
    const file = fileUrl(build, build.manifest.services[service.name]!.bundle!);
    module = await whileLoading({ name: service.name, settings }, async () => (await import(file)) as ServiceModule);
  } catch (error) {
    // A missing secret read at the top of a module explains itself better than any wrapping.
    if (error instanceof HostError) throw error;
    throw new HostError("service_import_failed", { service: service.name, reason: reasonOf(error) }, error);
  }
  const endpoints = hostedEndpoints(service, module, codecs, build.filesDir);
  const declared = takeDeclaredGateways();
  const authHandlers = hostedAuthHandlers(build.graph, service.name, module, codecs, declared);
  const gateways = hostedGateways(build.graph, service.name, declared);
  const subscriptionMiddlewares = middlewareForSubscriptions(middlewaresOf(module));
  return { endpoints, marker: module.service, authHandlers, gateways, subscriptionMiddlewares };
}

/** What a loaded service serves; `filesDir`: where folders of static files are. Throws HostError `handler_missing`, `codec_missing`. */
export function hostedEndpoints(
  service: Service,
  module: ServiceModule,
  codecs: CodecsModule,
  filesDir: string,
): HostedEndpoint[] {
  const middlewares = middlewaresOf(module);
  return service.endpoints.map((endpoint) => {
    const names = { service: service.name, endpoint: endpoint.name };
    const exported = module.handlers[endpoint.name] as Handler | undefined;
    const isFolder = endpoint.kind === "static" && exported !== undefined;
    const handler = isFolder ? (createStaticFolder(endpoint, filesDir) as Handler) : exported;
    const codec = codecs.codecs[endpoint.name];
    if (handler === undefined) throw new HostError("handler_missing", names);
    if (codec === undefined) throw new HostError("codec_missing", names);
    return new HostedEndpoint(service.name, endpoint, codec, handler, middlewareFor(endpoint, middlewares));
  });
}

function fileUrl(build: Build, relativePath: string): string {
  return pathToFileURL(join(build.dir, relativePath)).href;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
