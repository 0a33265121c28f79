// `tenon deploy terraform`: every process finds in its infra.json what it needs, once Terraform has put in what it knows, and Terraform itself
// evaluates what it is made of.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root } from "../harness/tenon.mjs";
import { checkUnitInfra, placements } from "../harness/unit-infra.mjs";

const support = await import(join(root, "packages/deploy/dist/targets/terraform/terraform.test.support.js"));
const { render } = await import(join(root, "packages/deploy/dist/targets/terraform/render.js"));
const { neededSecrets } = await import(join(root, "packages/deploy/dist/targets/terraform/needed-secrets.js"));
const { cachePasswordVariable } = await import(join(root, "packages/deploy/dist/deployment/variables.js"));
const { kubernetesTarget } = await import(join(root, "packages/deploy/dist/targets/kubernetes/target.js"));
const { readSettings } = await import(join(root, "packages/deploy/dist/settings.js"));
const { clouds } = await import(join(root, "packages/deploy/dist/targets/terraform/settings.js"));

/** What stands for an expression of Terraform. */
function standIn(expression) {
  if (/port\}/.test(expression)) return "10000";
  if (/storage_account\.main\.name/.test(expression)) return "shopstore";
  if (/sns_topic/.test(expression)) return "arn:aws:sns:eu-central-1:123456789012:shop-placed";
  if (/sqs_queue/.test(expression)) return "https://sqs.eu-central-1.amazonaws.com/123456789012/shop-placed";
  if (expression.includes("public_url")) return "https://shop.example.com";
  return /cert|response_body/.test(expression) ? "-----BEGIN CERTIFICATE-----" : "value";
}

function filledIn(value) {
  return JSON.parse(JSON.stringify(value).replaceAll(/\$\{[^}]*\}/g, standIn));
}

function environmentOf(deployment, unit) {
  const secrets = neededSecrets(deployment, unit).map(({ variable }) => variable);
  const caches = deployment.caches.map(({ name }) => cachePasswordVariable(name));
  const names = [...secrets, ...caches];
  const role = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/credentials" };
  return { ...role, ...Object.fromEntries(names.map((name) => [name, `value-of-${name}`])) };
}

describe("tenon deploy terraform", () => {
  for (const cloud of clouds) {
    const inContainers = support.variantsOf(cloud).filter(({ runsOn }) => runsOn === "containers");
    test(`every process finds what it needs on ${cloud}`, async () => {
      for (const [placement, given] of placements.flatMap((one) => inContainers.map((other) => [one, other]))) {
        const input = support.sampleInput(cloud, placement, given);
        const { deployment, graph } = input;
        const { locals } = support.configurationOf(input);
        for (const unit of deployment.units) {
          const text = JSON.stringify(filledIn(locals[`infra_${unit.name}`]));
          await checkUnitInfra({ graph, unit, text, environment: environmentOf(deployment, unit) });
        }
      }
    });

    test(`every process finds what it needs in a cluster of ${cloud}, with what Terraform tells`, async () => {
      for (const given of support.variantsOf(cloud).filter(({ runsOn }) => runsOn === "kubernetes")) {
        const input = support.sampleInput(cloud, "per-service", given);
        const told = filledIn(support.configurationOf(input).output["kubernetes_settings"].value);
        const settings = readSettings(kubernetesTarget, { ...told, namespace: "shop" }, {});
        const files = kubernetesTarget.render({ ...input, settings });
        for (const unit of input.deployment.units) {
          const { text } = files.find(({ path }) => path === `base/config/${unit.name}.json`);
          await checkUnitInfra({ graph: input.graph, unit, text, environment: environmentOf(input.deployment, unit) });
        }
      }
    });

    for (const given of support.variantsOf(cloud)) {
      const what = `${cloud} ${JSON.stringify(given)}`;
      test(`Terraform plans what is made for ${what}, with the values of the example`, { skip: noTerraform() }, () => {
        const input = support.sampleInput(cloud, "per-service", given);
        const example = render(input).find(({ path }) => path === "terraform.tfvars.json.example");
        const document = withoutProviders(support.configurationOf(input));
        assert.deepEqual(plan(document, JSON.parse(example.text)), { code: 0, problems: [] });
      });
    }

    test(`Terraform refuses wrong values of variables for ${cloud}`, { skip: noTerraform() }, () => {
      const input = support.sampleInput(cloud);
      const example = render(input).find(({ path }) => path === "terraform.tfvars.json.example");
      const wrong = { name: "Shop!", units: { order: { cpu: 1 } } };
      const document = withoutProviders(support.configurationOf(input));
      const { code, problems } = plan(document, { ...JSON.parse(example.text), ...wrong });
      assert.equal(code, 1);
      assert.match(problems.join("\n"), /Lower-case letters, digits and dashes, a letter first/);
      assert.match(problems.join("\n"), /The processes are accounts, billing, gateway, media, orders, worker/);
    });
  }
});

const ofProvider =
  /\b((?:data|ephemeral)\.)?((?:aws|google|azurerm|random)_[a-z0-9_]+|http)\.(\w+)((?:\.\w+|\[\d+\])*)/g;
const own = ["for_each", "count", "depends_on", "provisioner", "triggers_replace"];

/** Providers are not here: a resource that Terraform has by itself takes the place of each of theirs, with the same expressions in it. */
function withoutProviders({ resource, data, ephemeral, variable, locals, output }) {
  const resources = { ...resource["terraform_data"] };
  for (const [prefix, blocks] of [
    ["", resource],
    ["data_", data],
    ["ephemeral_", ephemeral],
  ]) {
    for (const [type, named] of Object.entries(blocks)) {
      if (type === "terraform_data") continue;
      for (const [name, body] of Object.entries(named)) resources[`${prefix}${type}__${name}`] = standInResource(body);
    }
  }
  return renamed({ resource: { terraform_data: resources }, variable, locals, output });
}

function standInResource(body) {
  const { lifecycle: _lifecycle, ...others } = body;
  const entries = Object.entries(others);
  const input = Object.fromEntries(entries.filter(([key]) => !own.includes(key)));
  return { ...Object.fromEntries(entries.filter(([key]) => own.includes(key))), input };
}

function renamed(value, key) {
  if (typeof value === "string") {
    const place = (_, prefix, type, name) => `terraform_data.${(prefix ?? "").replace(".", "_")}${type}__${name}`;
    if (key === "depends_on") return value.replaceAll(ofProvider, place);
    // Whatever the attribute is, it is known when the thing has been made.
    const attribute = (...found) => `${place(...found)}${/^\[\d+\]/.exec(found[4])?.[0] ?? ""}.id`;
    return value.replaceAll(/\$\{.*\}/gs, (text) => text.replaceAll(ofProvider, attribute));
  }
  if (Array.isArray(value)) return value.map((item) => renamed(item, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, renamed(item, name)]));
}

/** What `terraform plan` says of it, with everything still to be made. */
function plan(document, values) {
  const dir = mkdtempSync(join(tmpdir(), "tenon-terraform-"));
  try {
    writeFileSync(join(dir, "main.tf.json"), JSON.stringify(document));
    writeFileSync(join(dir, "terraform.tfvars.json"), JSON.stringify(values));
    const { status, stdout } = spawnSync("terraform", ["plan", "-input=false", "-json", "-out=plan"], {
      cwd: dir,
      encoding: "utf8",
    });
    // A diagnostic with a piece of the file in it may be long.
    const told = stdout.split("\n").filter((line) => line.includes('"type":"diagnostic"'));
    const problems = told.map((line) => JSON.parse(line).diagnostic);
    return { code: status, problems: problems.map(({ summary, detail }) => `${summary}: ${detail}`) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function noTerraform() {
  try {
    execFileSync("terraform", ["version"], { stdio: "pipe" });
    return false;
  } catch {
    return "there is no terraform here";
  }
}
