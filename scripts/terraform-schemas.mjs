// Keeps what the providers of Terraform say of the resources that `tenon deploy terraform` writes, in packages/deploy/fixtures/terraform: names of
// arguments and attributes, which are required, of what type. Taken from packages on npm that are generated from the published schemas:
// `node scripts/terraform-schemas.mjs FOLDER`, where `npm pack` has put their archives; run by hand when a resource is added.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const output = fileURLToPath(new URL("../packages/deploy/fixtures/terraform/", import.meta.url));
const providers = [
  { provider: "aws", archive: /provider-aws-[\d.]+\.tgz$/ },
  { provider: "google", archive: /provider-google-[\d.]+\.tgz$/ },
  { provider: "azurerm", archive: /provider-azurerm-[\d.]+\.tgz$/ },
];

const folder = process.argv[2];
if (folder === undefined) throw new Error("which folder has the archives of @cdktn/provider-aws and the others?");
const { sampleTypes } = await import("../packages/deploy/dist/targets/terraform/terraform.test.support.js");

for (const { provider, archive } of providers) {
  const file = readdirSync(folder).find((name) => archive.test(name));
  if (file === undefined) throw new Error(`${folder} has no archive of ${provider}`);
  const types = [...sampleTypes()].filter((type) => type.replace(/^(data|ephemeral)\./, "").startsWith(`${provider}_`));
  const unpacked = unpack(join(folder, file), join(folder, provider), types);
  const schemas = {};
  for (const type of types.sort()) {
    const text = unpacked(type);
    if (text !== undefined) schemas[type] = schemaOf(text);
    else process.stdout.write(`${provider}: nothing about ${type}\n`);
  }
  writeFileSync(
    join(output, `${provider}.json`),
    `${JSON.stringify({ version: unpacked.version, schemas }, null, 1)}\n`,
  );
  process.stdout.write(`${provider} ${unpacked.version}: ${Object.keys(schemas).length} of ${types.length}\n`);
}

/** "aws_db_instance" stands in lib/db-instance/index.d.ts, "data.aws_x" in lib/data-aws-x. */
function unpack(archive, place, types) {
  mkdirSync(place, { recursive: true });
  const paths = new Map(types.map((type) => [type, `package/lib/${folderOf(type)}/index.d.ts`]));
  const there = new Set(execFileSync("tar", ["tzf", archive], { encoding: "utf8", maxBuffer: 1e9 }).split("\n"));
  const wanted = [...paths.values()].filter((path) => there.has(path));
  execFileSync("tar", ["xzf", archive, "-C", place, "package/README.md", ...wanted]);
  const read = (type) => (there.has(paths.get(type)) ? readFileSync(join(place, paths.get(type)), "utf8") : undefined);
  read.version = /provider version ([\d.]+)/.exec(readFileSync(join(place, "package/README.md"), "utf8"))[1];
  return read;
}

function folderOf(type) {
  const [kind, name] = type.includes(".") ? type.split(".") : ["resource", type];
  const words = name.replaceAll("_", "-");
  return kind === "resource" ? words.replace(/^[a-z]+-/, "") : `${kind}-${words}`;
}

/** `arguments`: of the resource; `blocks`: of the blocks in it, by the name of their type; `attributes`: in camel case, as the package has them. */
function schemaOf(text) {
  const blocks = {};
  let root;
  for (const [, name, body] of text.matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)) {
    blocks[name] = argumentsOf(body);
    if (root === undefined && /Config$/.test(name)) root = name;
  }
  const { [root]: own, ...others } = blocks;
  const attributes = [
    ...text.slice(text.indexOf("static readonly tfResourceType")).matchAll(/^ {4}get (\w+)\(\)/gm),
  ].map((match) => match[1]);
  return {
    arguments: own,
    blocks: reachable(own, others),
    attributes: attributes.filter((name) => !name.endsWith("Input")).sort(),
  };
}

function argumentsOf(body) {
  const found = {};
  const lines = body.split("\n");
  let documented;
  for (const line of lines) {
    documented = / \w+#(\w+)\}/.exec(line)?.[1] ?? documented;
    const [, camel, optional, type] = /^ {4}readonly (\w+)(\??): (.*)$/.exec(line) ?? [];
    if (camel === undefined) continue;
    found[documented ?? camel] = { type: typeOf(type), ...(optional === "" ? { required: true } : {}) };
    documented = undefined;
  }
  return found;
}

function typeOf(text) {
  const type = text
    .replace(/;$/, "")
    .replace(/ \| cdkt[nf]\.IResolvable/, "")
    .replace(/^cdkt[nf]\.IResolvable \| /, "");
  if (type === "{") return "map";
  return type;
}

function reachable(own, others) {
  const kept = {};
  const visit = (args) => {
    for (const { type } of Object.values(args)) {
      const name = type.replace(/\[\]$/, "");
      if (others[name] === undefined || kept[name] !== undefined) continue;
      kept[name] = others[name];
      visit(others[name]);
    }
  };
  visit(own);
  return kept;
}
