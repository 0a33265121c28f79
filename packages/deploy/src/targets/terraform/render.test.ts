// What holds of the files of every cloud: they are whole, the same each time, and hold no secret.
import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "./render.ts";
import { terraformResources } from "./resources.ts";
import { clouds } from "./settings.ts";
import { configurationOf, declaredNames, namesIn, sampleInput, textsIn, variantsOf } from "./terraform.test.support.ts";

const inputs = clouds.flatMap((cloud) => [
  ...variantsOf(cloud).map((given) => ({
    name: `${cloud}, per service, ${JSON.stringify(given)}`,
    input: sampleInput(cloud, "per-service", given),
  })),
  { name: `${cloud}, in one process`, input: sampleInput(cloud, "single") },
  {
    name: `${cloud}, with all settings`,
    input: sampleInput(
      cloud,
      { back: ["billing", "orders"] },
      { perUnitImages: true, tag: "v1", revision: "4f2c", otlpEndpoint: "http://collector.internal:4318" },
    ),
  },
]);

for (const { name, input } of inputs) {
  test(`${name}: every expression names something that is there`, () => {
    const all = configurationOf(input);
    const declared = declaredNames(all);
    const named = textsIn(all).flatMap(namesIn);
    assert.ok(named.length > 50);
    assert.deepEqual(
      [...new Set(named)].filter((one) => !declared.has(one)),
      [],
    );
    const dependencies = Object.values(all.resource).flatMap((named) =>
      Object.values(named).flatMap((body) => (body["depends_on"] ?? []) as string[]),
    );
    assert.deepEqual(
      dependencies.filter((one) => !declared.has(one)),
      [],
    );
  });

  test(`${name}: every variable is used`, () => {
    const all = configurationOf(input);
    const used = new Set(textsIn({ ...all, variable: {} }).flatMap(namesIn));
    assert.deepEqual(
      Object.keys(all.variable).filter((one) => !used.has(`var.${one}`)),
      [],
    );
  });

  test(`${name}: nothing waits for itself`, () => {
    const all = configurationOf(input);
    assert.deepEqual(circleIn(all), undefined);
  });

  test(`${name}: the same input gives the same bytes`, () => {
    assert.deepEqual(render(input), render(structuredCloneOf(input)));
  });
}

test("settings of one thing stand in one resource, by which a difference is told", () => {
  const file = render(sampleInput("aws")).find(({ path }) => path === "services.tf.json")!;
  const found = terraformResources(file.path, file.text)!;
  assert.ok(found.has("aws_ecs_service/orders"));
  assert.equal(terraformResources("iam-edges.md", ""), undefined);
});

test("two names that Terraform cannot tell apart are refused", () => {
  const { graph, ...rest } = sampleInput("aws");
  const deployment = {
    ...rest.deployment,
    caches: [...rest.deployment.caches, { name: "rate_limits", evictionPolicy: "noeviction" }],
  };
  assert.throws(() => render({ ...rest, graph, deployment }), { code: "name_not_deployable" });
});

function structuredCloneOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Terraform refuses circles; references and `depends_on` make edges. */
function circleIn(all: ReturnType<typeof configurationOf>): string[] | undefined {
  const bodies = new Map<string, unknown>();
  for (const [prefix, blocks] of [
    ["", all.resource],
    ["data.", all.data],
    ["ephemeral.", all.ephemeral],
  ] as const) {
    for (const [type, named] of Object.entries(blocks))
      for (const [name, body] of Object.entries(named)) bodies.set(`${prefix}${type}.${name}`, body);
  }
  for (const [name, body] of Object.entries(all.locals)) bodies.set(`local.${name}`, body);
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path, name];
    if (done.has(name)) return undefined;
    const body = bodies.get(name);
    const dependsOn = (body as { depends_on?: string[] } | undefined)?.depends_on ?? [];
    for (const next of [...textsIn(body).flatMap(namesIn), ...dependsOn]) {
      const circle = visit(next, [...path, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of bodies.keys()) {
    const circle = visit(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

test("a name that leaves no room for the app's is refused where names are short", () => {
  const { graph, deployment, settings } = sampleInput("azure");
  const units = deployment.units.map((unit) => ({
    ...unit,
    name: unit.kind === "gateway" ? "a-public-door-of-its-own" : unit.name,
  }));
  assert.throws(() => render({ graph, settings, deployment: { ...deployment, units } }), {
    code: "name_not_deployable",
    message: /"a-public-door-of-its-own" leaves no room/,
  });
});
