// `tenon deploy terraform`: every process finds in its infra.json what it needs, once Terraform has put in what it knows, and Terraform itself
// evaluates what it is made of.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root } from "../harness/tenon.mjs";
import { checkUnitInfra, placements } from "../harness/unit-infra.mjs";

const support = await import(join(root, "packages/deploy/dist/targets/terraform/terraform.test.support.js"));
const { neededSecrets } = await import(join(root, "packages/deploy/dist/targets/terraform/needed-secrets.js"));
const { cachePasswordVariable } = await import(join(root, "packages/deploy/dist/deployment/variables.js"));
const { clouds } = await import(join(root, "packages/deploy/dist/targets/terraform/settings.js"));

/** What stands for an expression of Terraform. */
function standIn(expression) {
  if (/port\}/.test(expression)) return "10000";
  if (expression.includes("public_url")) return "https://shop.example.com";
  return /cert|response_body/.test(expression) ? "-----BEGIN CERTIFICATE-----" : "value";
}

function filledIn(value) {
  return JSON.parse(JSON.stringify(value).replaceAll(/\$\{[^}]*\}/g, standIn));
}

function environmentOf(deployment, unit) {
  const secrets = neededSecrets(deployment, unit).map(({ variable }) => variable);
  const caches = deployment.caches.map(({ name }) => cachePasswordVariable(name));
  const names = [...secrets, ...caches, "OBJECTS_ACCESS_KEY_ID", "OBJECTS_SECRET_KEY"];
  const role = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/credentials" };
  return { ...role, ...Object.fromEntries(names.map((name) => [name, `value-of-${name}`])) };
}

describe("tenon deploy terraform", () => {
  for (const cloud of clouds) {
    test(`every process finds what it needs on ${cloud}`, async () => {
      for (const placement of placements) {
        const { deployment, graph } = support.sampleInput(cloud, placement);
        const { locals } = support.configurationOf(support.sampleInput(cloud, placement));
        for (const unit of deployment.units) {
          const text = JSON.stringify(filledIn(locals[`infra_${unit.name}`]));
          await checkUnitInfra({ graph, unit, text, environment: environmentOf(deployment, unit) });
        }
      }
    });

    test(`Terraform accepts what is made for ${cloud}: variables, expressions, order`, { skip: noTerraform() }, () => {
      for (const placement of placements) {
        const found = validate(withoutProviders(support.configurationOf(support.sampleInput(cloud, placement))));
        assert.deepEqual(found.diagnostics, []);
      }
    });
  }
});

const ofProvider = /\b((?:data|ephemeral)\.)?((?:aws|google|azurerm|random)_[a-z0-9_]+|http)\.(\w+)/g;
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
    return value.replaceAll(/\$\{.*\}/gs, (text) =>
      text.replaceAll(ofProvider, (...found) => `${place(...found)}.output`),
    );
  }
  if (Array.isArray(value)) return value.map((item) => renamed(item, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, renamed(item, name)]));
}

function validate(document) {
  const dir = mkdtempSync(join(tmpdir(), "tenon-terraform-"));
  try {
    writeFileSync(join(dir, "main.tf.json"), JSON.stringify(document));
    execFileSync("terraform", ["init", "-backend=false"], { cwd: dir, stdio: "pipe" });
    return JSON.parse(execFileSync("terraform", ["validate", "-json"], { cwd: dir, encoding: "utf8", stdio: "pipe" }));
  } catch (error) {
    return JSON.parse(error.stdout);
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
