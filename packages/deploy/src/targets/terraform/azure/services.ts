// Container Apps: an environment, and in it an app for each process.
import { type Deployment, edgesOf, type Unit } from "../../../deployment/deployment.ts";
import type { SettingValues } from "../../../target.ts";
import { type Block, type Body, label, ref, resource } from "../blocks.ts";
import {
  environmentOf,
  healthPath,
  internalPort,
  migrationsNeeded,
  publicPort,
  readyPath,
  startArguments,
  stopSeconds,
} from "../process-settings.ts";
import { sizeOf, type UnitSize } from "../variables.ts";
import { vaultSecrets } from "./grants.ts";
import { identityId } from "./identities.ts";
import { place } from "./place.ts";

/** CPUs; memory in MiB is twice as many GiB as CPUs, or Azure refuses it. */
export const usualSize: UnitSize = { cpu: 0.5, memory: 1024, min: 2, max: 6 };

export function serviceBlocks(deployment: Deployment, settings: SettingValues): readonly Block[] {
  return [
    resource("azurerm_log_analytics_workspace", "main", {
      ...place(),
      sku: "PerGB2018",
      retention_in_days: ref("var.log_days"),
    }),
    resource("azurerm_container_app_environment", "main", {
      ...place(),
      logs_destination: "log-analytics",
      log_analytics_workspace_id: ref("azurerm_log_analytics_workspace.main.id"),
      infrastructure_subnet_id: ref("azurerm_subnet.apps.id"),
      workload_profile: [{ name: "Consumption", workload_profile_type: "Consumption" }],
    }),
    ...deployment.units.map((unit) => containerApp(deployment, unit, settings)),
  ];
}

/** Within the environment, where it is called by its name. */
export function internalUrl(unit: string): string {
  return `http://${ref("var.name")}-${unit}:${internalPort}`;
}

export function doorUrl(unit: string): string {
  return `https://${ref("var.name")}-${unit}.${ref("azurerm_container_app_environment.main.default_domain")}`;
}

export function imagePrefix(app: string, { imagePrefix: prefix }: SettingValues): string {
  return `${ref("azurerm_container_registry.main.login_server")}/${typeof prefix === "string" ? prefix : app}`;
}

/** Of the process, and of the job that migrates its databases. */
export function containerOf(
  deployment: Deployment,
  unit: Unit,
  settings: SettingValues,
  args: readonly string[],
): Body {
  const image = settings["perUnitImages"] === true ? unit.name : deployment.app;
  return {
    name: "main",
    image: `${imagePrefix(deployment.app, settings)}/${image}:${ref("var.image_tag")}`,
    args,
    cpu: sizeOf(unit.name, usualSize, "cpu"),
    memory: `${ref(`try(var.units["${unit.name}"].memory, ${usualSize.memory}) / 1024`)}Gi`,
    env: [
      ...Object.entries(environmentOf(unit, settings)).map(([name, value]) => ({ name, value })),
      // Of the identities that an app may have, the one that buckets know.
      ...(edgesOf(deployment, unit.name, "bucket").length === 0
        ? []
        : [{ name: "AZURE_CLIENT_ID", value: ref(`azurerm_user_assigned_identity.${label(unit.name)}.client_id`) }]),
      ...vaultSecrets(deployment, unit).map(({ variable, name }) => ({ name: variable, secret_name: name })),
    ],
  };
}

/** Who it is, where its image comes from, and which secrets it reads. */
export function commonSettings(
  unit: string,
  secrets: readonly { readonly label: string; readonly name: string }[],
): Body {
  return {
    identity: [{ type: "UserAssigned", identity_ids: [identityId(unit)] }],
    registry: [{ server: ref("azurerm_container_registry.main.login_server"), identity: identityId(unit) }],
    secret: secrets.map((secret) => ({
      name: secret.name,
      identity: identityId(unit),
      key_vault_secret_id: ref(`azurerm_key_vault_secret.${secret.label}.versionless_id`),
    })),
  };
}

/** What has to be allowed before it can start. */
export function startNeeds(deployment: Deployment, unit: Unit): readonly string[] {
  const own = `azurerm_role_assignment.${label(unit.name)}`;
  return [`${own}_pull`, ...vaultSecrets(deployment, unit).map((secret) => `${own}_${secret.label}`)];
}

function containerApp(deployment: Deployment, unit: Unit, settings: SettingValues): Block {
  const { location: _location, ...where } = place(`-${unit.name}`);
  const { name } = unit;
  return resource("azurerm_container_app", label(name), {
    ...where,
    container_app_environment_id: ref("azurerm_container_app_environment.main.id"),
    revision_mode: "Single",
    workload_profile_name: "Consumption",
    ...commonSettings(name, vaultSecrets(deployment, unit)),
    ingress: [ingressOf(unit)],
    template: [
      {
        min_replicas: sizeOf(name, usualSize, "min"),
        max_replicas: sizeOf(name, usualSize, "max"),
        termination_grace_period_seconds: stopSeconds,
        custom_scale_rule: [{ name: "cpu", custom_rule_type: "cpu", metadata: { type: "Utilization", value: "60" } }],
        container: [
          {
            ...containerOf(deployment, unit, settings, startArguments(unit)),
            startup_probe: [{ ...probe(healthPath), interval_seconds: 2, failure_count_threshold: 10 }],
            readiness_probe: [{ ...probe(readyPath), interval_seconds: 5 }],
            liveness_probe: [{ ...probe(healthPath), interval_seconds: 10 }],
          },
        ],
      },
    ],
    depends_on: [...migrationsNeeded(deployment), ...startNeeds(deployment, unit)],
  });
}

/** Between processes bytes go through as they are: streams last as long as they like. */
function ingressOf({ kind }: Unit): Body {
  const traffic_weight = [{ latest_revision: true, percentage: 100 }];
  if (kind !== "services") {
    return {
      external_enabled: true,
      target_port: publicPort,
      transport: "http",
      allow_insecure_connections: false,
      traffic_weight,
    };
  }
  return {
    external_enabled: false,
    target_port: internalPort,
    exposed_port: internalPort,
    transport: "tcp",
    traffic_weight,
  };
}

function probe(path: string): Body {
  return { transport: "HTTP", port: internalPort, path };
}
