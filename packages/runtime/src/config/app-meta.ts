// What application code can learn about the app it is part of and about where it runs: `appMeta()`.

/** Describes the running app. One object for the whole process: do not change it. */
export interface AppMeta {
  /** `id` of tenon.json, else the name of the app's folder. */
  appId: string;
  /** Where the app's API is reached: "http://localhost:4000" in development. */
  apiBaseUrl: string;
  environment: EnvironmentMeta;
  build: BuildMeta;
  deploy: DeployMeta;
}

/** Where the app runs. */
export interface EnvironmentMeta {
  /** "local" in development; TENON_ENVIRONMENT or `metadata.env_name` of infra.json in production. */
  name: string;
  type: EnvironmentType;
  cloud: CloudProvider;
}

/** `ephemeral` are short-lived ones, as for the preview of a change; `development` are lasting ones that are not production. */
export type EnvironmentType = "production" | "development" | "ephemeral" | "test";

/** "local" is any machine that belongs to none of the others. */
export type CloudProvider = "aws" | "gcp" | "azure" | "encore" | "local";

/** Of which sources the app was built. */
export interface BuildMeta {
  /** The commit; "" where there is no git repository. */
  revision: string;
  /** The sources were not exactly those of the commit. */
  uncommittedChanges: boolean;
}

export interface DeployMeta {
  /** TENON_DEPLOY_ID; without it, new at every start. */
  id: string;
  /** The services of this process, by name. */
  hostedServices: Record<string, HostedService>;
}

export interface HostedService {
  name: string;
}

const unknownApp: AppMeta = {
  appId: "",
  apiBaseUrl: "",
  environment: { name: "local", type: "development", cloud: "local" },
  build: { revision: "", uncommittedChanges: false },
  deploy: { id: "", hostedServices: {} },
};

let current = unknownApp;

/** The app that this process belongs to; without values in a process that hosts nothing. */
export function appMeta(): AppMeta {
  return current;
}

export function configureAppMeta(meta: AppMeta): void {
  current = meta;
}
