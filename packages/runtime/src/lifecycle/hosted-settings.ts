// The settings of all services of this process: one object each while they load, and what is wrong with any of them told at once.
import type { CodecsModule, Graph } from "@tenon/model";
import { ServiceSettings } from "../config/service-settings.ts";
import { HostError } from "./host-error.ts";
import type { ConfigFile } from "./host-config.ts";

export class HostedSettings {
  private readonly byService = new Map<string, ServiceSettings>();

  constructor(
    graph: Graph,
    hosted: readonly string[],
    codecs: ReadonlyMap<string, CodecsModule>,
    files: readonly ConfigFile[],
  ) {
    const { schemas } = graph;
    for (const { name, config: schema } of graph.services) {
      const codec = codecs.get(name)?.config;
      if (!hosted.includes(name) || schema === undefined || codec === undefined) continue;
      const own = files.filter(({ service }) => service === name);
      const sources = { files: own, environment: process.env };
      this.byService.set(name, new ServiceSettings({ service: name, schema, schemas, codec }, sources));
    }
  }

  of(service: string): ServiceSettings | undefined {
    return this.byService.get(service);
  }

  /** Throws HostError `config_invalid`. Code that went on with settings that do not fit may have thrown because of it. */
  refuseProblems(): void {
    const problems = [...this.byService.values()].flatMap((settings) => settings.problems);
    if (problems.length === 0) return;
    throw new HostError("config_invalid", { problems: problems.map((problem) => `\n  - ${problem}`).join("") });
  }
}
