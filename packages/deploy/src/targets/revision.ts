// The setting `revision` of every target that runs processes: the commit that a build is of, for those that do not say it themselves. A build of one
// process does not, so that another commit alone makes no other image of it.
import type { Setting } from "../target.ts";

export const revisionSetting = {
  revision: {
    type: "string",
    value: "COMMIT",
    summary: "the commit, as appMeta() tells it where the build does not (images of single processes)",
    check: (value) => (/^[\w.-]+$/.test(value as string) ? undefined : "must be a commit"),
  },
} satisfies Record<string, Setting>;

/** For the environment of processes. */
export function revisionEnvironment({ revision }: { readonly revision?: unknown }): Readonly<Record<string, string>> {
  return typeof revision === "string" ? { TENON_REVISION: revision } : {};
}
