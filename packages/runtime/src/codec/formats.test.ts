// What each format accepts and refuses.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as formats from "./formats.ts";

const cases: Readonly<Record<string, { test: (text: string) => boolean; right: string[]; wrong: string[] }>> = {
  email: {
    test: formats.isEmail,
    right: ["a@b.c", "first.last+tag@example.co.uk", "user@localhost", "o'neil@x-y.org"],
    wrong: [
      "",
      "a",
      "@b.c",
      "a@",
      "a@b@c",
      "a b@c.d",
      "a@-b.c",
      "a@b-.c",
      "a@b..c",
      "a@b.c ",
      `${"a".repeat(65)}@b.c`,
      "ä@b.c",
    ],
  },
  url: {
    test: formats.isWebUrl,
    right: ["http://a", "https://a.b/c?d=e#f", "HTTPS://A.B", "wss://a.b:8080/x", "ftp://u:p@h/f", "http://[::1]/"],
    wrong: [
      "",
      "a.b",
      "//a.b",
      "mailto:x@y.z",
      "a:b",
      "http://",
      "https://",
      "javascript://%0aalert(1)",
      "file:///etc",
      "http://a b",
      " http://a",
    ],
  },
  uuid: {
    test: formats.isUuid,
    right: [
      "0190a9c4-6a3e-7b3a-8c1f-3d2e1f0a9b8c",
      "00000000-0000-0000-0000-000000000000",
      "FFFFFFFF-FFFF-4FFF-8FFF-FFFFFFFFFFFF",
    ],
    wrong: [
      "",
      "0190a9c46a3e7b3a8c1f3d2e1f0a9b8c",
      "{0190a9c4-6a3e-7b3a-8c1f-3d2e1f0a9b8c}",
      "g190a9c4-6a3e-7b3a-8c1f-3d2e1f0a9b8c",
    ],
  },
  ip: {
    test: formats.isIP,
    right: ["127.0.0.1", "::1", "2001:db8::1", "::ffff:1.2.3.4"],
    wrong: ["", "256.0.0.1", "1.2.3", "01.2.3.4", "fe80::1%eth0", "1::2::3", "localhost"],
  },
  ipv4: { test: formats.isIPv4, right: ["0.0.0.0"], wrong: ["::1"] },
  ipv6: { test: formats.isIPv6, right: ["::"], wrong: ["0.0.0.0"] },
  hostname: {
    test: formats.isHostname,
    right: ["localhost", "a.b-c.d", "1.example"],
    wrong: ["", ".", "a.", "-a", "a-", "a_b", "a".repeat(64), "a b"],
  },
  "date-time": {
    test: formats.isDateTimeText,
    right: ["2026-01-31T09:30:00Z", "2024-02-29T00:00:00.5+05:30"],
    wrong: ["", "2026-01-31", "2026-02-29T00:00:00Z", "2026-01-31T09:30:00", "2026-01-31T25:00:00Z"],
  },
  date: {
    test: formats.isDateText,
    right: ["2024-02-29", "2000-02-29"],
    wrong: ["", "2026-02-29", "1900-02-29", "2026-1-1", "2026-01-00", "2026-13-01"],
  },
  time: {
    test: formats.isTimeText,
    right: ["00:00:00", "23:59:59.999Z", "09:30:00+05:30"],
    wrong: ["", "24:00:00", "9:30:00", "09:30", "09:60:00"],
  },
  duration: {
    test: formats.isDurationText,
    right: ["1h30m", "90s", "1.5h", "-250ms", "3us", "0s"],
    wrong: ["", "1", "h", "1d", "1h 30m", "P1D"],
  },
};

for (const [name, { test: accepts, right, wrong }] of Object.entries(cases)) {
  test(name, () => {
    for (const text of right) assert.equal(accepts(text), true, text);
    for (const text of wrong) assert.equal(accepts(text), false, text);
  });
}
