// The pods: what hardens them, what they are told, and what makes a rollout lose nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  containerOf,
  objectNamed,
  objectsFor,
  podsOf,
  resourcesFor,
  sampleInput,
  type PodSpec,
} from "./kubernetes.test.support.ts";

test("every pod is restricted: no root, no token, nothing to write to but what is mounted for it", () => {
  for (const input of [
    sampleInput(),
    sampleInput({}, "single"),
    sampleInput({ engines: true, broker: "nats" }),
    sampleInput({ engines: true, broker: "redis" }),
  ]) {
    for (const [object, spec] of podsOf(objectsFor(input))) {
      const at = `${object.kind}/${object.metadata.name}`;
      assert.equal(spec.automountServiceAccountToken, false, at);
      assert.equal(spec.securityContext.runAsNonRoot, true, at);
      assert.ok(spec.securityContext.runAsUser > 0, at);
      assert.equal(spec.securityContext.seccompProfile.type, "RuntimeDefault", at);
      for (const { securityContext } of spec.containers) {
        assert.deepEqual(
          securityContext,
          { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
          at,
        );
      }
    }
  }
});

test("arguments say what each process hosts", () => {
  assert.deepEqual(containerOf(sampleInput(), "Deployment", "orders").args, [
    "start",
    "--services",
    "orders",
    "--no-gateway",
  ]);
  assert.deepEqual(containerOf(sampleInput(), "Deployment", "gateway").args, ["start", "--gateway-only"]);
  assert.deepEqual(containerOf(sampleInput({}, "single"), "Deployment", "app").args, ["start"]);
  const grouped = sampleInput({}, { shop: ["orders", "billing"] });
  assert.deepEqual(containerOf(grouped, "Deployment", "shop").args, [
    "start",
    "--services",
    "billing,orders",
    "--no-gateway",
  ]);
});

test("images: one for all, or one for each process", () => {
  const given = { imagePrefix: "images.example.com/team", tag: "v7" };
  assert.equal(containerOf(sampleInput(given), "Deployment", "orders").image, "images.example.com/team/sample:v7");
  const perUnit = sampleInput({ ...given, perUnitImages: true });
  assert.equal(containerOf(perUnit, "Deployment", "orders").image, "images.example.com/team/orders:v7");
});

test("a rollout takes nothing away before the new one is ready, and gives the old one time to end", () => {
  const deployment = objectNamed(objectsFor(sampleInput({ shutdownSeconds: 45 })), "Deployment", "orders");
  const spec = deployment["spec"] as { strategy: object; template: { spec: PodSpec } };
  assert.deepEqual(spec.strategy, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } });
  const [container] = spec.template.spec.containers;
  const sleepSeconds = container!.lifecycle!.preStop.sleep.seconds;
  assert.ok(sleepSeconds > 0);
  assert.ok(spec.template.spec.terminationGracePeriodSeconds! > sleepSeconds + 45);
  const infra = JSON.parse(resourcesFor(sampleInput({ shutdownSeconds: 45 })).configFiles[0]!.text) as {
    graceful_shutdown: { total: number };
  };
  assert.equal(infra.graceful_shutdown.total, 45);
});

test("probes ask the internal door", () => {
  for (const [object, spec] of podsOf(objectsFor(sampleInput())).filter(([{ kind }]) => kind === "Deployment")) {
    const [container] = spec.containers;
    const pathOf = (probe: string) => (container![probe] as { httpGet: { path: string; port: string } }).httpGet;
    assert.deepEqual(pathOf("startupProbe"), { path: "/__tenon/healthz", port: "internal" }, object.metadata.name);
    assert.deepEqual(pathOf("livenessProbe"), { path: "/__tenon/healthz", port: "internal" }, object.metadata.name);
    assert.deepEqual(pathOf("readinessProbe"), { path: "/__tenon/readyz", port: "internal" }, object.metadata.name);
    assert.deepEqual(
      container!.ports!.find(({ name }) => name === "internal")?.containerPort,
      8081,
      object.metadata.name,
    );
  }
});

test("every environment variable that an infra.json reads is given, and a process gets no other secret", () => {
  for (const given of [{}, { broker: "nats", brokerUser: "app", cachePassword: true }, { broker: "redis" }]) {
    const input = sampleInput(given);
    const { configFiles, secretKeys } = resourcesFor(input);
    const keysUsed = new Set<string>();
    for (const { name } of input.deployment.units) {
      const { env } = containerOf(input, "Deployment", name);
      const infra = configFiles.find((file) => file.name === `${name}-infra`)!.text;
      const read = [...infra.matchAll(/"\$env": "(\w+)"/g)].map(([, variable]) => variable!);
      const values = env!.flatMap(({ value }) =>
        [...(value ?? "").matchAll(/\$\((\w+)\)/g)].map(([, variable]) => variable!),
      );
      const names = env!.map((one) => one.name);
      for (const variable of read) assert.ok(names.includes(variable), `${name}: ${variable}`);
      const secrets = env!.flatMap(({ valueFrom }) => (valueFrom === undefined ? [] : [valueFrom.secretKeyRef.key]));
      assert.deepEqual(
        secrets.toSorted(),
        secrets.filter((key) => read.includes(key) || values.includes(key)).toSorted(),
        name,
      );
      for (const variable of values)
        assert.ok(names.indexOf(variable) < names.indexOf("TENON_MESSAGES_DATABASE_URL"), name);
      for (const key of secrets) keysUsed.add(key);
    }
    assert.deepEqual(secretKeys, [...keysUsed].sort());
  }
});

test("another infra.json, another ConfigMap: pods start anew with it", () => {
  const volumeOf = (environment: string) => {
    const object = objectNamed(objectsFor(sampleInput({ format: "yaml", environment })), "Deployment", "orders");
    return (object["spec"] as { template: { spec: PodSpec } }).template.spec.volumes[0]!.configMap!.name;
  };
  assert.match(volumeOf("production"), /^orders-infra-[0-9a-f]{8}$/);
  assert.notEqual(volumeOf("production"), volumeOf("staging"));
});

test("migrations know where their databases are, and their passwords, and nothing else", () => {
  const input = sampleInput();
  const job = objectsFor(input).find(
    ({ kind, metadata }) => kind === "Job" && metadata.name.startsWith("orders-migrate"),
  )!;
  const { env } = (job["spec"] as { template: { spec: PodSpec } }).template.spec.containers[0]!;
  assert.deepEqual(
    env!.map(({ name }) => name),
    ["TENON_INFRA", "LEDGER_PASSWORD", "ORDER_ITEMS_PASSWORD"],
  );
  const { text } = resourcesFor(input).configFiles.find(({ name }) => name === "orders-migrate")!;
  assert.deepEqual(Object.keys(JSON.parse(text) as object), ["sql_servers"]);
});

test("towards PostgreSQL there is TLS, with an authority of one's own or without one, unless somebody asks for none", () => {
  const seen = (given: object) => {
    const input = sampleInput(given);
    const { env, volumeMounts } = containerOf(input, "Deployment", "orders");
    const { text } = resourcesFor(input).configFiles.find(({ name }) => name === "orders-infra")!;
    const [server] = (JSON.parse(text) as { sql_servers: { tls_config?: object }[] }).sql_servers;
    const url = env!.find(({ name }) => name === "TENON_MESSAGES_DATABASE_URL")!.value!;
    const mounts = volumeMounts.filter(({ name }) => name === "database-ca").map(({ mountPath }) => mountPath);
    return [server!.tls_config, url.split("?")[1], mounts] as const;
  };
  assert.deepEqual(seen({}), [undefined, "sslmode=verify-full", []]);
  assert.deepEqual(seen({ databaseWithoutTls: true }), [{ disabled: true }, undefined, []]);
  const file = "/etc/tenon-database/ca.pem";
  assert.deepEqual(seen({ databaseCa: "authority" }), [
    { ca: { $file: file } },
    `sslmode=verify-full&sslrootcert=${file}`,
    ["/etc/tenon-database"],
  ]);
});
