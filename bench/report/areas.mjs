// What REPORT.md shows of each area's raw results.
export const areas = [
  {
    area: "compile",
    title: "Compiler",
    unit: "ms",
    value: (sample) => sample.ms,
    digits: 0,
    intro: ({ settings }) =>
      `${settings.services} services, ${settings.endpoints} endpoints. \`cold\` and \`unchanged\` count from the start of the process, ` +
      "the edits from the update to the written build.",
  },
  {
    area: "call",
    title: "Typed calls",
    unit: "us of CPU per call",
    value: (sample) => sample.cpuMicrosPerCall,
    digits: 2,
    intro: ({ settings }) =>
      `${settings.calls} calls a sample, one or sixteen at a time; CPU time of all service processes together. Tracing: ${settings.tracing}.`,
  },
  {
    area: "codecs",
    title: "Generated codecs",
    unit: "ns of CPU",
    value: (sample) => sample.nanos,
    digits: 0,
    intro: () =>
      "`hello`: a path parameter and a greeting; `schema`: query, header and body with optional fields and unions; `list`: 200 records with " +
      "dates, 50 KB as JSON; `item`: one of them. `baseline`: another checkout, whose emitted text is in the raw result.",
  },
  {
    area: "door",
    title: "The public door",
    unit: "us of CPU per request",
    value: (sample) => sample.cpuMicrosPerRequest,
    digits: 2,
    intro: ({ settings }) =>
      `From the parsed request to its answer, without a server; ${settings.calls} requests a sample, ${settings.concurrency} at a time. Tracing: ${settings.tracing}.`,
  },
  {
    area: "spans",
    title: "Recording and exporting spans",
    unit: "ns of CPU per request",
    value: (sample) => sample.cpuNanosPerRequest,
    digits: 0,
    intro: ({ settings }) => `${settings.spansPerRequest} spans a request; \`idle\` is the loop alone.`,
  },
  {
    area: "start",
    title: "Start: to the first answer",
    unit: "ms from the start of the process",
    value: (sample) => sample.startMs,
    digits: 0,
    intro: ({ environment }) =>
      `A built hello, ${environment.node}, each process with what earlier ones left in the caches of files and of compiled code.`,
  },
  {
    area: "start",
    title: "Start: idle memory",
    unit: "MiB resident",
    value: (sample) => sample.idleRssBytes / 2 ** 20,
    digits: 1,
    intro: ({ settings }) => `Half a second after the first answer; ${settings.note}.`,
  },
  {
    area: "workers",
    title: "Workers",
    unit: "requests per second",
    value: (sample) => sample.requestsPerSecond,
    digits: 0,
    intro: ({ environment, settings }) =>
      `${settings.connections} connections, load by ${settings.generator} on the same ${environment.cores} cores. \`work\`: 500 us of CPU per request.`,
  },
  {
    area: "typecheck",
    title: "Types of generated clients: instantiations",
    unit: "type instantiations of the whole check",
    value: (sample) => sample.instantiations,
    digits: 0,
    only: (name) => name !== "completion",
    intro: ({ settings }) =>
      `An app of ${settings.endpoints} endpoints with one consumer more; what a consumer costs is the difference to \`nothing\`. ` +
      "`one`, `ten`, `all`: calls to so many services through `~tenon/clients`; `front-end`: a call through the file that " +
      "`tenon gen client` writes, which holds all endpoints.",
  },
  {
    area: "typecheck",
    title: "Types of generated clients: completion",
    unit: "ms until an editor has the endpoints of a client",
    value: (sample) => sample.ms,
    digits: 1,
    only: (name) => name === "completion",
    intro: () => "After an edit, in the language service of TypeScript 6.",
  },
];
