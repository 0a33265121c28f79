// An app in a cluster of the cloud: identities by ServiceAccount with the rights of the graph, and outputs that are settings of the Kubernetes target.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { objectNamed, objectsFor, resourcesFor } from "../../kubernetes/kubernetes.test.support.ts";
import { kubernetesTarget } from "../../kubernetes/target.ts";
import { readSettings } from "../../../settings.ts";
import type { TargetInput } from "../../../target.ts";
import { render } from "../render.ts";
import { clouds } from "../settings.ts";
import { terraformTarget } from "../target.ts";
import { type Body, configurationOf, resourcesOf, sampleInput, variantsOf } from "../terraform.test.support.ts";

const onCluster = { runsOn: "kubernetes", broker: "managed" };
const aws = sampleInput("aws", "per-service", onCluster);
const google = sampleInput("google", "per-service", onCluster);
const azure = sampleInput("azure", "per-service", { runsOn: "kubernetes" });

function fileOf(input: TargetInput, path: string): string {
  return render(input).find((file) => file.path === path)!.text;
}

/** With what Terraform would put in place of expressions. */
function outputOf(input: TargetInput, name: string): Body {
  const value = JSON.stringify(configurationOf(input).output[name]!["value"]);
  return JSON.parse(value.replaceAll(/"\$\{var\.namespace\}"/g, '"shop"').replaceAll(/\$\{[^}]*\}/g, "known")) as Body;
}

for (const cloud of clouds) {
  for (const variant of variantsOf(cloud).filter(({ runsOn }) => runsOn === "kubernetes")) {
    describe(`${cloud}, ${JSON.stringify(variant)}`, () => {
      const input = sampleInput(cloud, "per-service", variant);
      const settings = readSettings(kubernetesTarget, outputOf(input, "kubernetes_settings"), {});
      const onKubernetes = { ...input, settings };

      it("tells settings that the Kubernetes target takes as they are", () => {
        const { configFiles } = resourcesFor(onKubernetes);
        for (const { name, kind } of input.deployment.units) {
          const infra = JSON.parse(configFiles.find((file) => file.name === `${name}-infra`)!.text) as Body;
          // The same as in the cloud's own containers, but for where other processes are.
          const containers = configurationOf(sampleInput(cloud, "per-service", { ...variant, runsOn: "containers" }));
          const known = containers.locals[`infra_${name}`] as Body;
          const keys = (one: Body) => Object.keys(one).sort();
          assert.deepEqual(keys(infra), keys(known), `${name}, ${kind}`);
        }
      });

      it("brings every value into the cluster that the app's Secret must have", () => {
        const script = fileOf(input, "prepare-cluster.sh");
        const brought = [...script.matchAll(/^value app\/(\w+) /gm)].map(([, name]) => name!);
        assert.deepEqual(brought.toSorted(), resourcesFor(onKubernetes).secretKeys);
      });

      it("makes nothing that runs, and asks for nothing that only containers need", () => {
        const all = configurationOf(input);
        const running = /^(aws_ecs|aws_lb|google_cloud_run|azurerm_container_app)/;
        assert.deepEqual(
          Object.keys(all.resource).filter((type) => running.test(type)),
          [],
        );
        for (const name of ["units", "image_tag", "public_url", "psql_image"])
          assert.equal(all.variable[name], undefined);
        assert.ok(!terraformTarget.nextSteps(input).some((step) => step.includes("-target")));
      });
    });
  }
}

it("settings that both targets have are handed on", () => {
  const given = { ...onCluster, perUnitImages: true, otlpEndpoint: "http://collector.telemetry.svc:4318" };
  const { perUnitImages, otlpEndpoint } = outputOf(sampleInput("aws", "per-service", given), "kubernetes_settings");
  assert.deepEqual([perUnitImages, otlpEndpoint], [true, given.otlpEndpoint]);
  const without = outputOf(aws, "kubernetes_settings");
  assert.deepEqual([without["perUnitImages"], without["otlpEndpoint"]], [undefined, undefined]);
});

describe("identities", () => {
  it("on EKS are roles that one ServiceAccount assumes, for processes that use AWS by themselves", () => {
    const all = configurationOf(aws);
    const roles = resourcesOf(all, "aws_iam_role").map(([name]) => name);
    assert.deepEqual(roles, ["billing", "media", "orders", "worker"]);
    for (const name of roles) {
      const [statement] = all.data["aws_iam_policy_document"]![`assume_${name}`]!["statement"] as [Body];
      assert.deepEqual(statement["actions"], ["sts:AssumeRoleWithWebIdentity"]);
      const conditions = statement["condition"] as Body[];
      assert.deepEqual(
        conditions.map(({ test, variable, values }) => [test, variable, values]),
        [
          ["StringEquals", `\${local.token_issuer}:aud`, ["sts.amazonaws.com"]],
          ["StringEquals", `\${local.token_issuer}:sub`, [`system:serviceaccount:\${var.namespace}:${name}`]],
        ],
      );
    }
    const { identities } = outputOf(aws, "kubernetes_settings") as { identities: Body };
    assert.deepEqual(Object.keys(identities), roles);
  });

  it("on EKS have the statements that the process has in containers, and no others", () => {
    const containers = configurationOf(sampleInput("aws", "per-service", { ...onCluster, runsOn: "containers" }));
    const all = configurationOf(aws);
    for (const name of ["billing", "media", "orders", "worker"]) {
      const of = (one: typeof all) => one.data["aws_iam_policy_document"]![name];
      assert.deepEqual(of(all), of(containers), name);
    }
  });

  it("on GKE are service accounts that one ServiceAccount stands for", () => {
    const bindings = resourcesOf(configurationOf(google), "google_service_account_iam_member");
    const found = bindings.map(([, { service_account_id: id, role, member }]) => [
      /google_service_account\.(\w+)\.name/.exec(String(id))![1],
      role,
      member,
    ]);
    const inCluster = (unit: string) => [
      unit,
      "roles/iam.workloadIdentityUser",
      `serviceAccount:\${var.project}.svc.id.goog[\${var.namespace}/${unit}]`,
    ];
    const signs = (unit: string) => [
      unit,
      "roles/iam.serviceAccountTokenCreator",
      `serviceAccount:\${google_service_account.${unit}.email}`,
    ];
    assert.deepEqual(
      found.toSorted(),
      [...["billing", "media", "orders", "worker"].map(inCluster), ...["media", "worker"].map(signs)].toSorted(),
    );
  });

  it("on AKS are managed identities that one ServiceAccount stands for", () => {
    const found = resourcesOf(configurationOf(azure), "azurerm_federated_identity_credential");
    assert.deepEqual(
      found.map(([name, body]) => [name, body["subject"], body["audience"]]),
      ["media", "worker"].map((unit) => [
        unit,
        `system:serviceaccount:\${var.namespace}:${unit}`,
        ["api://AzureADTokenExchange"],
      ]),
    );
    const { identities } = outputOf(azure, "kubernetes_settings") as { identities: Body };
    assert.deepEqual(Object.keys(identities), ["media", "worker"]);
  });

  it("are annotations of the ServiceAccounts that the Kubernetes target writes", () => {
    const settings = readSettings(kubernetesTarget, outputOf(aws, "kubernetes_settings"), {});
    const objects = objectsFor({ ...aws, settings });
    const annotations = (unit: string) => objectNamed(objects, "ServiceAccount", unit).metadata.annotations;
    assert.deepEqual(annotations("worker"), { "eks.amazonaws.com/role-arn": "known" });
    assert.equal(annotations("accounts"), undefined);
  });
});

describe("servers", () => {
  it("on EKS are reached from the cluster's nodes alone", () => {
    const rules = resourcesOf(configurationOf(aws), "aws_vpc_security_group_ingress_rule").map(
      ([, body]) => `${body["security_group_id"]} ${body["referenced_security_group_id"]} ${body["from_port"]}`,
    );
    const nodes = `\${data.aws_eks_cluster.main.vpc_config[0].cluster_security_group_id}`;
    assert.deepEqual(rules, [
      `\${aws_security_group.cache_rate_limits.id} ${nodes} 6379`,
      `\${aws_security_group.database.id} ${nodes} 5432`,
    ]);
  });

  it("on AKS have a private address in the cluster's network", () => {
    const all = configurationOf(azure);
    assert.equal(all.resource["azurerm_private_endpoint"]!["database"]!["subnet_id"], `\${var.endpoint_subnet_id}`);
    const server = all.resource["azurerm_postgresql_flexible_server"]!["main"]!;
    assert.equal(server["public_network_access_enabled"], false);
    assert.equal(server["delegated_subnet_id"], undefined);
  });
});

describe("the Job that makes databases", () => {
  it("keeps to the restricted Pod Security Standard and holds no password", () => {
    for (const input of [aws, google, azure]) {
      const text = fileOf(input, "provision.yaml");
      const job = parse(text) as { spec: { template: { spec: { securityContext: Body; containers: [Body] } } } };
      const { securityContext, containers } = job.spec.template.spec;
      assert.equal(securityContext["runAsNonRoot"], true);
      assert.deepEqual(securityContext["seccompProfile"], { type: "RuntimeDefault" });
      const [container] = containers;
      assert.deepEqual(container["envFrom"], [{ secretRef: { name: "provision-databases" } }]);
      const { capabilities, allowPrivilegeEscalation } = container["securityContext"] as Body;
      assert.deepEqual([capabilities, allowPrivilegeEscalation], [{ drop: ["ALL"] }, false]);
      assert.match(text, /CREATE DATABASE "ledger"/);
    }
  });
});
