import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createCredentialCheck } from "./credential.ts";
import { parseAddress, RemoteBook } from "./remote.ts";

describe("addresses of other processes", () => {
  const cases: readonly [address: string, expected: unknown][] = [
    ["http://127.0.0.1:4000", { host: "127.0.0.1", port: 4000 }],
    ["http://users", { host: "users", port: 80 }],
    ["http://[::1]:4000/", { host: "::1", port: 4000 }],
    ["unix:/run/users.sock", { socketPath: "/run/users.sock" }],
    ["unix:", undefined],
    ["https://users", { host: "users", port: 443, protocol: "https:" }],
    ["https://users/path", undefined],
    ["ftp://users", undefined],
    ["http://users/path", undefined],
    ["users:4000", undefined],
    ["", undefined],
  ];
  for (const [address, expected] of cases) {
    it(`"${address}"`, () => assert.deepEqual(parseAddress(address), expected));
  }

  it("keeps connections while an address stays, and starts anew when it changes", () => {
    const book = new RemoteBook();
    const first = book.at("users", "http://a");
    assert.equal(book.at("users", "http://a"), first);
    assert.notEqual(book.at("users", "http://b"), first);
    assert.throws(() => book.at("users", "b"), {
      code: "remote_malformed",
      message: 'the address "b" of the service users is not usable',
    });
    book.close();
  });
});

describe("the credential", () => {
  it("admits exactly itself, and an empty one nobody", () => {
    const isAdmitted = createCredentialCheck("secret");
    assert.deepEqual(["secret", "secret ", "", "Secret", undefined].map(isAdmitted), [
      true,
      false,
      false,
      false,
      false,
    ]);
    assert.equal(createCredentialCheck("")(""), false);
  });
});
