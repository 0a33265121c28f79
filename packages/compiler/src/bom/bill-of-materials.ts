// The software bill of materials of a build, in CycloneDX 1.6 (ECMA-424): every package whose code is in it. The same build gives the same
// text, so it has no serial number and no time.
import type { PackageFacts } from "./package-facts.ts";

/** Name of its file in a build. */
export const BILL_FILE = "bom.json";

export interface BillOfMaterials {
  readonly $schema: string;
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly version: 1;
  readonly metadata: {
    readonly component: { readonly type: "application"; readonly "bom-ref": string; readonly name: string };
  };
  readonly components: readonly Component[];
  /** Of the app, and of each component, those that its package.json asks for and that are in the bill. */
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** Package URL, or "" for the app -> package URLs. */
export type Needs = ReadonlyMap<string, readonly string[]>;

interface Component {
  readonly type: "library";
  readonly "bom-ref": string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly License[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

type License = { readonly expression: string } | { readonly license: { readonly name: string } };

export function billOfMaterials(app: string, packages: Iterable<PackageFacts>, needs: Needs): BillOfMaterials {
  // Several copies of one version are one component.
  const byUrl = new Map([...packages].map((facts) => [facts.purl, facts]));
  const sorted = [...byUrl.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const ref = `app:${app}`;
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "application", "bom-ref": ref, name: app } },
    components: sorted.map(component),
    dependencies: [
      { ref, dependsOn: needs.get("") ?? [] },
      ...sorted.map(({ purl }) => ({ ref: purl, dependsOn: needs.get(purl) ?? [] })),
    ],
  } as const;
  return partOfBill(bill, new Set(byUrl.keys()));
}

/** The bill of a part: the same, with these packages only. */
export function partOfBill(bill: BillOfMaterials, purls: ReadonlySet<string>): BillOfMaterials {
  const app = bill.metadata.component["bom-ref"];
  return {
    ...bill,
    components: bill.components.filter(({ purl }) => purls.has(purl)),
    dependencies: bill.dependencies
      .filter(({ ref }) => ref === app || purls.has(ref))
      .map(({ ref, dependsOn }) => ({
        ref,
        dependsOn: [...new Set(dependsOn)].filter((purl) => purls.has(purl)).sort(),
      })),
  };
}

export function billText(bill: BillOfMaterials): string {
  return `${JSON.stringify(bill, null, 2)}\n`;
}

function component({ purl, name, version, license, integrity }: PackageFacts): Component {
  const slash = name.indexOf("/");
  const hashes = hashesOf(integrity);
  return {
    type: "library",
    "bom-ref": purl,
    ...(slash === -1 ? {} : { group: name.slice(0, slash) }),
    name: name.slice(slash + 1),
    version,
    purl,
    ...(license === undefined ? {} : { licenses: [licenseIn(license)] }),
    ...(hashes.length === 0 ? {} : { hashes }),
  };
}

/** SPDX 2.3, annex D: identifiers joined by operators. What is not one ("SEE LICENSE IN ...") is told as words. */
const spdxExpression = /^\(*[\w.+-]+\)*(?: (?:AND|OR|WITH) \(*[\w.+-]+\)*)*$/;

function licenseIn(text: string): License {
  const isExpression = spdxExpression.test(text) && text !== "UNLICENSED";
  return isExpression ? { expression: text } : { license: { name: text } };
}

const algorithms: Readonly<Record<string, string>> = {
  sha512: "SHA-512",
  sha384: "SHA-384",
  sha256: "SHA-256",
  sha1: "SHA-1",
};

/** Lock files write base64, several after another; the bill wants hex. */
function hashesOf(integrity = ""): { alg: string; content: string }[] {
  return integrity.split(" ").flatMap((item) => {
    const dash = item.indexOf("-");
    const alg = algorithms[item.slice(0, dash)];
    return alg === undefined ? [] : [{ alg, content: Buffer.from(item.slice(dash + 1), "base64").toString("hex") }];
  });
}
