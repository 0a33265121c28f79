// What `GET /api/status` says about the app behind the dashboard.
import type { Diagnostic } from "@tenon/model";

/** `broken`: the last edit has errors and the last good version is served; `failed`: nothing is served. */
export type AppState = "starting" | "running" | "reloading" | "broken" | "failed";

export interface AppStatus {
  readonly state: AppState;
  /** Base address of the app's public door; absent until it is open. */
  readonly gateway?: string;
  /** What the compiler says of the newest edit; `frame` is the code with the place marked. */
  readonly diagnostics: readonly (Diagnostic & { readonly frame?: string })[];
}
