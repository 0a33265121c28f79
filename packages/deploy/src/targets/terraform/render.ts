// What is made in a cloud -> files: Terraform's JSON by topic, the page of grants, and those files that are the user's from the first day.
import type { GeneratedFile } from "../../files/generated-file.ts";
import type { TargetInput } from "../../target.ts";
import { documentOf } from "./blocks.ts";
import { grantsPage } from "./grant.ts";
import { cloudResources } from "./resources.ts";

export function render(input: TargetInput): readonly GeneratedFile[] {
  const { files, grants, notes, scripts, otherFiles = {}, exampleValues, backendExample } = cloudResources(input);
  // Terraform reads them as one: a name that stands in two of them is found here.
  documentOf(Object.values(files).flat());
  return [
    ...Object.entries(files)
      .filter(([, blocks]) => blocks.length > 0)
      .map(([name, blocks]) => ({ path: `${name}.tf.json`, text: json(documentOf(blocks)) })),
    ...Object.entries(scripts).map(([path, text]) => ({ path, text, isExecutable: true as const })),
    ...Object.entries(otherFiles).map(([path, text]) => ({ path, text })),
    { path: "iam-edges.md", text: grantsPage(input.deployment, grants, notes) },
    { path: "terraform.tfvars.json.example", text: json(exampleValues) },
    { path: "backend.tf", text: backendExample, isUsers: true },
    { path: ".gitignore", text: ".terraform/\n*.tfstate\n*.tfstate.*\n", isUsers: true },
  ];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
