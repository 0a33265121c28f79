// Repositories for the app's images: one, or one for each process.
import type { Deployment, Unit } from "../../../deployment/deployment.ts";
import type { SettingValues } from "../../../target.ts";
import { type Block, data, label, output, ref, resource } from "../blocks.ts";
import { imagePrefixOutput } from "../next-steps.ts";

/** Name in Terraform of the repository of a process. */
export function repositoryOf({ name }: Unit, isPerUnit: boolean): string {
  return isPerUnit ? label(name) : "app";
}

export function imageOf(unit: Unit, isPerUnit: boolean): string {
  return `${ref(`aws_ecr_repository.${repositoryOf(unit, isPerUnit)}.repository_url`)}:${ref("var.image_tag")}`;
}

export function registryPrefix({ app }: Deployment, { imagePrefix }: SettingValues): string {
  const registry = `${ref("data.aws_caller_identity.current.account_id")}.dkr.ecr.${ref("var.region")}.amazonaws.com`;
  return `${registry}/${typeof imagePrefix === "string" ? imagePrefix : app}`;
}

export function imageBlocks(deployment: Deployment, settings: SettingValues): readonly Block[] {
  const { app, units } = deployment;
  const prefix = typeof settings["imagePrefix"] === "string" ? settings["imagePrefix"] : app;
  const names = settings["perUnitImages"] === true ? units.map(({ name }) => name) : [app];
  const isPerUnit = settings["perUnitImages"] === true;
  const repositories = names.map((name) => {
    const own = isPerUnit ? label(name) : "app";
    return resource("aws_ecr_repository", own, {
      name: `${prefix}/${name}`,
      // What runs under a tag stays what it was.
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: [{ scan_on_push: true }],
    });
  });
  return [
    ...repositories,
    data("aws_caller_identity", "current", {}),
    output(imagePrefixOutput, "What the names of the images begin with.", registryPrefix(deployment, settings)),
  ];
}
