// Compares an infra.json with what a process of the app needs: all that is wrong, all that is missing, and what is there for nothing.
import type { Graph } from "@tenon/model";
import { type Hosting, type HostingOptions, readHosting } from "./hosting.ts";
import { type Infra, InfraError, type ReadInfraOptions, readInfra } from "./infra.ts";
import { unusedParts } from "./infra-unused.ts";
import type { Missing } from "./missing.ts";
import { noInfra } from "./no-infra.ts";
import { type OtherSecrets, surveyRequirements } from "./requirements.ts";
import { StartError } from "./start-error.ts";

export interface InfraReport {
  /** undefined: what the process would host could not be made out. */
  readonly hosting: Hosting | undefined;
  readonly problems: readonly string[];
  readonly missing: readonly Missing[];
  readonly unused: readonly string[];
  readonly notices: readonly string[];
}

export interface CheckOptions extends HostingOptions, ReadInfraOptions {
  readonly file: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly secrets: OtherSecrets;
}

export async function checkInfra(graph: Graph, options: CheckOptions): Promise<InfraReport> {
  const { file, environment, withoutValues = false } = options;
  const read = await readInfra(file, environment, { withoutValues, isLenient: true }).catch((error: unknown) => {
    if (error instanceof InfraError) return { ...noInfra, problems: error.problems };
    throw error;
  });
  const { problems = [] } = read;
  const found = findHosting(graph, options, read);
  if (found instanceof StartError) {
    const problem = `${found.message}${found.hint === undefined ? "" : ` (${found.hint})`}`;
    return {
      hosting: undefined,
      problems: [...problems, problem],
      missing: [],
      unused: [],
      notices: read.notices ?? [],
    };
  }
  const { missing } = surveyRequirements(graph, found, read, environment, options.secrets);
  return { hosting: found, problems, missing, unused: unusedParts(graph, found, read), notices: read.notices ?? [] };
}

function findHosting(graph: Graph, options: HostingOptions, infra: Infra): Hosting | StartError {
  try {
    return readHosting(graph, options, infra);
  } catch (error) {
    if (error instanceof StartError) return error;
    throw error;
  }
}
