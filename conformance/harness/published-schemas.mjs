// The schemas that others publish for the files we generate, as the package `check-jsonschema` of PyPI carries them. `TENON_CI_SCHEMAS` names the
// folder into which `pip install --target DIR --no-deps check-jsonschema==0.39.0` has put it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";

const folder = join(process.env.TENON_CI_SCHEMAS ?? "", "check_jsonschema/builtin_schemas/vendor");

/** Why there are none; false: there are some. */
export const noSchemas =
  process.env.TENON_CI_SCHEMAS !== undefined && existsSync(folder)
    ? false
    : "TENON_CI_SCHEMAS does not name the folder with check-jsonschema";

/** `name`: "compose-spec", "github-workflows", "gitlab-ci", "azure-pipelines". Gives what is wrong, a line each: the first few, since one wrong step differs from every kind of step. */
export function schemaProblems(name, value) {
  const schema = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  const { $schema: draft, $id: _address, ...own } = schema;
  const Validator = /2020-12/.test(draft) ? Ajv2020 : Ajv;
  const ajv = new Validator({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });
  const validate = ajv.compile(own);
  validate(value);
  return (validate.errors ?? [])
    .slice(0, 20)
    .map(({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`);
}
