// What `tenon deploy` says: what became of each file, and with `--diff` what would change in which resource.
import { diffResources, type PlannedFile, type ResourceChange, type Resources, type Target } from "@tenon/deploy";

/** `count`: files that the target gives. */
export function planText(folder: string, plan: readonly PlannedFile[], count: number): string {
  const of = (action: PlannedFile["action"]) => plan.filter((file) => file.action === action).map(({ path }) => path);
  const written = of("create").length + of("update").length;
  const lines = [`${folder}: ${count} files, ${written} written, ${of("leave").length} as they were`];
  for (const path of of("remove")) lines.push(`  removed ${path}: nothing needs it any more`);
  for (const path of of("keep")) lines.push(`  kept ${path}: it is yours`);
  for (const path of of("beside")) {
    lines.push(`  kept ${path}, which you have changed; what Tenon would write is in ${path}.new`);
  }
  for (const path of of("orphan"))
    lines.push(`  kept ${path}, which you have changed, although nothing needs it any more`);
  return `${lines.join("\n")}\n`;
}

/** Of the files as they are on disk, against those that would be there: what the user has changed stays. */
export function diffText(target: Target, plan: readonly PlannedFile[], asJson: boolean): string {
  const before = resourcesIn(target, plan, (file) => file.before);
  const after = resourcesIn(target, plan, ({ action, before: text, file }) => (action === "keep" ? text : file?.text));
  const changes = diffResources(before, after);
  if (asJson) return changes.map((change) => `${JSON.stringify(change)}\n`).join("");
  return changes.length === 0 ? "no changes\n" : changes.map(changeText).join("");
}

function resourcesIn(
  target: Target,
  plan: readonly PlannedFile[],
  textOf: (file: PlannedFile) => string | undefined,
): Resources {
  const resources = new Map<string, unknown>();
  for (const file of plan) {
    const text = textOf(file);
    if (text === undefined) continue;
    for (const [id, value] of target.resourcesIn(file.path, text) ?? [
      [`file/${file.path}`, text.split("\n")] as const,
    ]) {
      resources.set(id, value);
    }
  }
  return resources;
}

function changeText(change: ResourceChange): string {
  switch (change.kind) {
    case "added":
      return `+ ${change.id}\n`;
    case "removed":
      return `- ${change.id}\n`;
    case "renamed":
      return `> ${change.id} is now ${change.to}: what runs the old one has to be removed by hand or by pruning\n`;
    case "changed":
      return [
        `~ ${change.id}`,
        ...change.places.map(({ path, before, after }) => `    ${path}: ${before ?? "(none)"} -> ${after ?? "(none)"}`),
      ]
        .join("\n")
        .concat("\n");
  }
}
