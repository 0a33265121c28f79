// An app split the way containers are: services without a public door, and the public door alone. The auth handlers stand in a service of
// their own, so that the door has to ask another process who is calling.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { requestTo } from "./harness/request-to.mjs";
import { startBuild } from "./harness/start.mjs";
import { runTenon } from "./harness/tenon.mjs";

const auth = [{ type: "key", id: 1, key: "a key of at least sixteen characters" }];
const bearer = { authorization: "Bearer alice" };

describe("services and the public door in processes of their own", () => {
  let copy;
  let build;
  const running = [];

  before(async () => {
    copy = await copyApp("conformance/apps/auth");
    build = join(copy.dir, ".tenon/build");
    const built = await runTenon(["build", copy.dir]);
    assert.equal(built.code, 0, built.stdout + built.stderr);
  });
  after(async () => {
    await Promise.all(running.map((unit) => unit.stop()));
    await copy?.remove();
  });

  async function start(name, args, content) {
    const file = join(copy.dir, `${name}.json`);
    await writeFile(file, JSON.stringify(content));
    const unit = await startBuild(build, { cwd: copy.dir, args: [...args, "--infra", file] });
    running.push(unit);
    return unit;
  }
  const at = (...units) =>
    Object.fromEntries(
      units.map(([name, { internal }]) => [name, { base_url: internal.replace("0.0.0.0", "127.0.0.1") }]),
    );

  test("requests come in by the door, which asks who is calling; nobody else has one", async () => {
    const inbox = await start("inbox", ["--services", "inbox", "--no-gateway"], { auth });
    const callers = await start("auth", [], { auth, hosted_services: ["auth"], hosted_gateways: [] });
    const notes = await start("notes", ["--services", "notes", "--no-gateway", "--workers", "2"], {
      auth,
      service_discovery: at(["inbox", inbox], ["auth", callers]),
    });
    for (const unit of [inbox, callers, notes]) assert.equal(unit.gateway, undefined, unit.output());

    const all = at(["inbox", inbox], ["auth", callers], ["notes", notes]);
    const door = await start("door", ["--gateway-only"], { auth, service_discovery: all });
    const me = await requestTo(door.gateway, "GET", "/me", undefined, bearer);
    assert.equal(me.status, 200, me.text);
    assert.equal(me.body.user, "u-alice");
    assert.deepEqual((await requestTo(door.gateway, "GET", "/via-inbox", undefined, bearer)).body, { user: "u-alice" });
    assert.equal((await requestTo(door.gateway, "GET", "/me")).status, 401);

    for (const unit of [door, notes]) {
      assert.equal((await requestTo(unit.internal, "GET", "/__tenon/readyz")).status, 200);
      assert.match((await requestTo(unit.internal, "GET", "/__tenon/metrics")).text, /# TYPE/);
    }
    assert.notEqual((await requestTo(notes.internal, "GET", "/hello")).status, 200);

    // A door whose key the services do not have yet is let in by the services that take both.
    const next = { type: "key", id: 2, key: "the key that comes after it" };
    const early = await start("early", ["--gateway-only"], { auth: [next], service_discovery: all });
    assert.equal((await requestTo(early.gateway, "GET", "/hello")).status, 503);
    const both = await start("both", ["--services", "notes,inbox", "--no-gateway"], {
      auth: [...auth, next],
      service_discovery: at(["auth", callers]),
    });
    const moved = { ...all, ...at(["notes", both], ["inbox", both]) };
    const late = await start("late", ["--gateway-only"], { auth: [next], service_discovery: moved });
    assert.equal((await requestTo(late.gateway, "GET", "/hello")).status, 200);
  });

  test("a door without the address of a service behind it, or without the key, does not start", async () => {
    const { code, stderr } = await runTenon(["start", build, "--gateway-only"], { env: { PORT: "0" } });
    assert.equal(code, 1);
    assert.match(stderr, /infra_incomplete/);
    for (const part of ["service_discovery.notes.base_url", "service_discovery.auth.base_url", '"TENON_KEY"'])
      assert.ok(stderr.includes(part), stderr);
  });

  test("what contradicts itself is told", async () => {
    const both = await runTenon(["start", build, "--gateway-only", "--no-gateway"]);
    assert.equal(both.code, 1);
    assert.match(both.stderr, /hosting_invalid/);
  });
});
