// `tenon start`: runs a production build, all of it or some services.
import { booleanOption, type Command, integerOption, listOption, portOption, stringOption } from "./definition.ts";
import { loadProductionBuild } from "./production-build.ts";

const tlsOptions = ["tls-cert", "tls-key", "redirect-port"] as const;

export const startCommand: Command = {
  name: "start",
  summary: "Runs a production build: all services or some",
  positionals: ["build-dir"],
  options: {
    services: { type: "string", value: "A,B", summary: "host only these; the others' addresses come from infra.json" },
    "gateway-only": { type: "boolean", summary: "host no service: the public door alone, which passes requests on" },
    "no-gateway": { type: "boolean", summary: "no public door: the services are reached by other processes alone" },
    port: { type: "string", value: "PORT", summary: "where the API listens (PORT, else 8080)" },
    workers: { type: "string", value: "N|cores", summary: "how many processes serve (TENON_WORKERS, else tenon.json)" },
    infra: { type: "string", value: "FILE", summary: "infra.json: databases, secrets, other services (TENON_INFRA)" },
    "tls-cert": {
      type: "string",
      value: "FILE",
      summary: "certificate with its chain: the API speaks TLS (TENON_TLS_CERT)",
    },
    "tls-key": { type: "string", value: "FILE", summary: "its key (TENON_TLS_KEY)" },
    "redirect-port": {
      type: "string",
      value: "PORT",
      summary: "where clients without TLS are sent to it (TENON_REDIRECT_PORT)",
    },
  },
  async run(input) {
    const services = listOption(input, "services");
    const infra = stringOption(input, "infra");
    const workers = stringOption(input, "workers");
    const port = integerOption(input, "port", 0) === undefined ? undefined : portOption(input, "port", 0);
    const doors = ["gateway-only", "no-gateway"].filter((name) => booleanOption(input, name));
    const build = await loadProductionBuild(input.positionals[0]);
    await build.main([
      "start",
      ...(services === undefined ? [] : ["--services", services.join(",")]),
      ...doors.map((name) => `--${name}`),
      ...(port === undefined ? [] : ["--port", String(port)]),
      ...(workers === undefined ? [] : ["--workers", workers]),
      ...(infra === undefined ? [] : ["--infra", infra]),
      ...tlsOptions.flatMap((name) => {
        const value = stringOption(input, name);
        return value === undefined ? [] : [`--${name}`, value];
      }),
    ]);
    return 0;
  },
};
