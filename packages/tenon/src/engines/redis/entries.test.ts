// What goes when a cache is full, under each policy.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Entries, type EvictionPolicy, itemBytes } from "./entries.ts";

const maxBytes = 10_000;

function filled(evictionPolicy: EvictionPolicy, count = 40): Entries {
  const entries = new Entries({ evictionPolicy, maxBytes, now: () => 1_000 });
  for (let index = 0; index < count; index++) {
    entries.set(`key-${index}`, "x".repeat(100));
    // Even ones expire, the later the number the sooner.
    if (index % 2 === 0) entries.setExpiry(`key-${index}`, 10_000 - index);
  }
  return entries;
}

const left = (entries: Entries) => entries.keys().map((key) => Number(key.slice(4)));

describe("a full cache", () => {
  it("loses what was not used for longest", () => {
    const entries = filled("allkeys-lru", 60);
    entries.get("key-0");
    assert.equal(entries.makeRoom(), true);
    assert.ok(entries.sizeBytes <= maxBytes);
    assert.ok(entries.has("key-0") && entries.has("key-59") && !entries.has("key-1"));
  });

  it("loses what was used least", () => {
    const entries = filled("allkeys-lfu", 60);
    for (let times = 0; times < 3; times++) entries.get("key-1");
    for (let index = 30; index < 60; index++) entries.get(`key-${index}`);
    entries.makeRoom();
    assert.ok(entries.has("key-1") && entries.has("key-59") && !entries.has("key-0"));
  });

  it("loses any", () => {
    const entries = filled("allkeys-random", 60);
    assert.equal(entries.makeRoom(), true);
    assert.ok(left(entries).length < 60 && left(entries).length > 30);
  });

  it("keeps what does not expire under the volatile policies", () => {
    for (const policy of ["volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"] as const) {
      const entries = filled(policy, 60);
      assert.equal(entries.makeRoom(), true, policy);
      assert.equal(left(entries).filter((index) => index % 2 === 1).length, 30, policy);
    }
  });

  it("loses what ends soonest", () => {
    const entries = filled("volatile-ttl", 60);
    entries.makeRoom();
    assert.ok(entries.has("key-0") && !entries.has("key-58"));
  });

  it("takes no more where nothing may go", () => {
    assert.equal(filled("noeviction", 60).makeRoom(), false);
    assert.equal(filled("noeviction", 30).makeRoom(), true);
  });
});

describe("the memory of entries", () => {
  it("is given back when they change, end or are removed", () => {
    let now = 0;
    const entries = new Entries({ evictionPolicy: "noeviction", maxBytes, now: () => now });
    entries.set("a", "x".repeat(100));
    const before = entries.sizeBytes;
    entries.set("a", "x".repeat(100));
    assert.equal(entries.sizeBytes, before);
    entries.set("b", ["1", "2"]);
    entries.set("b", []);
    assert.equal(entries.has("b"), false);
    entries.setExpiry("a", 10);
    now = 10;
    assert.equal(entries.get("a"), undefined);
    assert.equal(entries.sizeBytes, 0);
  });
});

describe("the size of a value that grows", () => {
  it("is what it would be if it were measured", () => {
    const entries = new Entries({ evictionPolicy: "noeviction", maxBytes, now: () => 0 });
    const list = ["a"];
    entries.set("list", list);
    list.push("bcd");
    entries.set("list", list, itemBytes("bcd"));
    const grown = entries.sizeBytes;
    entries.delete("list");
    entries.set("list", [...list]);
    assert.equal(entries.sizeBytes, grown);
    entries.delete("list");
    assert.equal(entries.sizeBytes, 0);
  });
});
