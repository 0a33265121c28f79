// What a running `tenon dev` tells: for people on the terminal, or one JSON object a line for programs (INTERFACES.md).
import type { Diagnostic, Graph } from "@tenon/model";
import { paint } from "../terminal-style.ts";
import type { ObjectsEndpointInfo } from "./objects-endpoint.ts";
import type { Problem } from "./problem.ts";

export interface ReadyInfo {
  readonly gateway: string;
  readonly dashboard: string;
  /** For tools of S3; undefined: the app has no buckets. */
  readonly objects: ObjectsEndpointInfo | undefined;
  readonly graph: Graph;
  readonly startupMs: number;
}

export interface ReloadInfo {
  /** Started anew; none when what is served was right already, for example after an edit was taken back. */
  readonly services: readonly string[];
  /** "database: 2_name.up.sql" of the migrations applied. */
  readonly migrations: readonly string[];
  readonly durationMs: number;
}

export interface Reporter {
  ready(info: ReadyInfo): void;
  reload(info: ReloadInfo): void;
  error(problem: Problem): void;
  /** The app is served, but something a person should see to is missing. */
  warning(problem: Problem): void;
  /** A line that a service printed. */
  log(line: string, stream: "stdout" | "stderr"): void;
  /** The type errors reported last are gone. */
  typesMended(): void;
  /** Progress and good news, for people only. */
  note(text: string): void;
}

type RenderDiagnostics = (diagnostics: readonly Diagnostic[]) => string;

export function createTerminalReporter(render: RenderDiagnostics): Reporter {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  return {
    ready(info) {
      print(renderReady(info));
    },
    reload(info) {
      print(renderReload(info));
    },
    error(problem) {
      const text = problem.diagnostics?.length ? render(problem.diagnostics) : "";
      const hint = problem.hint === undefined ? "" : `\n  ${problem.hint.replaceAll("\n", "\n  ")}`;
      process.stderr.write(`${text}${paint("red", "✗")} ${problem.message}${hint}\n`);
    },
    warning({ message, hint }) {
      const below = hint === undefined ? "" : `\n  ${hint.replaceAll("\n", "\n  ")}`;
      process.stderr.write(`${paint("yellow", "!")} ${message}${below}\n`);
    },
    log(line, stream) {
      process[stream].write(`${line}\n`);
    },
    typesMended() {
      print(`${paint("green", "✓")} no type errors any more`);
    },
    note(text) {
      print(paint("dim", text));
    },
  };
}

export function createJsonReporter(): Reporter {
  const print = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
  return {
    ready({ gateway, dashboard, objects, graph, startupMs }) {
      const services = graph.services.map((service) => service.name);
      print({ event: "ready", gateway, dashboard, services, startupMs, ...(objects === undefined ? {} : { objects }) });
    },
    reload(info) {
      print({ event: "reload", ...info });
    },
    error(problem) {
      print({ event: "error", ...problem });
    },
    warning(problem) {
      print({ event: "warning", ...problem });
    },
    log(line, stream) {
      print({ event: "log", stream, line, ...entryOf(line) });
    },
    typesMended() {
      print({ event: "types", errors: 0 });
    },
    note() {},
  };
}

/** What our own logger wrote is JSON then; what the app printed by other means is only a line. */
function entryOf(line: string): { entry?: object } {
  if (!line.startsWith("{")) return {};
  try {
    return { entry: JSON.parse(line) as object };
  } catch {
    return {};
  }
}

function renderReload({ services, migrations, durationMs }: ReloadInfo): string {
  const sign = paint("green", "↻");
  const applied = migrations.map((migration) => `${sign} applied ${migration}\n`).join("");
  if (services.length > 0) return `${applied}${sign} reloaded ${services.join(", ")} in ${durationMs} ms`;
  return applied === "" ? `${sign} the app is as it is served again` : applied.trimEnd();
}

function renderReady({ gateway, dashboard, objects, graph, startupMs }: ReadyInfo): string {
  const rows = graph.services.flatMap((service) =>
    service.endpoints.map((endpoint, index) => [
      index === 0 ? service.name : "",
      endpoint.name,
      endpoint.expose ? `${endpoint.methods.join("|")} ${endpoint.path.pattern}` : "(private)",
    ]),
  );
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => (row[column] as string).length)));
  const table = rows.map(([service, name, route]) => {
    const first = paint("bold", (service as string).padEnd(widths[0] as number));
    const last = route === "(private)" ? paint("dim", route) : route;
    return `  ${first}  ${(name as string).padEnd(widths[1] as number)}  ${last}`;
  });
  return `
${paint(["bold", "green"], graph.app.id)} is running ${paint("dim", `(ready in ${startupMs} ms)`)}

  API        ${paint("cyan", gateway)}
  Dashboard  ${paint("cyan", dashboard)}
${objects === undefined ? "" : `  Buckets    ${paint("cyan", objects.endpoint)} ${paint("dim", "S3; keys in .tenon/data/*/s3.json")}\n`}
${table.join("\n")}
`;
}
