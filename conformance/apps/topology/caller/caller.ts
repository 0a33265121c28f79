// The caller: one public endpoint that makes the named call and tells what came of it.
import { api } from "tenon/api";
import { echo } from "~tenon/clients";
import { Color, type Everything } from "../echo/echo";
import { describeOutcome } from "./describe-outcome";

function everything(): Everything {
  return {
    text: 'Grüße, 世界 👩‍👩‍👧 \u2028 \u0000 "quoted"',
    count: -1.5e-7,
    yes: false,
    big: 2n ** 80n,
    at: new Date("2024-02-29T23:59:59.999Z"),
    bytes: new Uint8Array([0, 1, 254, 255]),
    link: new URL("https://example.org/a%20b?c=d#e"),
    color: Color.Green,
    nullable: null,
    list: [0, -0, 1e21],
    pair: ["only"],
    record: { a: 1, "b-c": 2, constructor: 3 },
    map: new Map([["k", new Date(0)]]),
    set: new Set([3, 1, 2]),
    shape: { kind: "square", side: 2 },
    dateOrNumber: new Date(1),
    tree: { value: "root", children: [{ value: "leaf", children: [] }] },
  };
}

// Some cases send what the types forbid, as plain JavaScript would.
const wrong = (value: unknown): never => value as never;

const cases: Record<string, () => Promise<unknown>> = {
  everything: () => echo.everything(everything()),
  "optional present": async () => (await echo.everything({ ...everything(), optional: "here" })).optional,
  "the other option": async () =>
    (await echo.everything({ ...everything(), shape: { kind: "circle", radius: 1 } })).shape,
  "number of a union": async () => (await echo.everything({ ...everything(), dateOrNumber: 5 })).dateOrNumber,
  "wrong everywhere": () =>
    echo.everything(
      wrong({
        ...everything(),
        text: 1,
        count: Number.NaN,
        big: 1,
        at: new Date(Number.NaN),
        color: "blue",
        shape: { kind: "hexagon" },
        tree: { value: "x" },
      }),
    ),
  "missing fields": () => echo.everything(wrong({})),
  "no request at all": () => echo.text(wrong(undefined)),
  "unknown fields": () => echo.text(wrong({ text: "x", extra: true })),
  "top-level array": () => echo.names({ count: 3 }),
  "top-level date": () => echo.moment(),
  void: () => echo.nothing(),
  mebibyte: async () => {
    const text = "0123456789abcdé".repeat(65_536);
    const answer = await echo.text({ text });
    return { same: answer.text === text, length: answer.length };
  },
  "arguments are copied": async () => {
    const list = [1, 2, 3];
    const { sum } = await echo.spoil({ list });
    return { sum, list };
  },
  "undeclared fields stay inside": () => echo.leak(),
  "a response of the wrong type": () => echo.lie(),
  "api error": () => echo.fail({ how: "api-error" }),
  "api error with details": () => echo.fail({ how: "details" }),
  "api error with a cause": () => echo.fail({ how: "cause" }),
  "unknown error": () => echo.fail({ how: "error" }),
  "thrown string": () => echo.fail({ how: "string" }),
  deadline: () => echo.slow({ ms: 3000 }, { timeoutMs: 60 }),
  "aborted by the caller": () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 60);
    return echo.slow({ ms: 3000 }, { signal: controller.signal });
  },
  "200 at once": async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => echo.text({ text: `no ${index}` })));
    return answers.every((answer, index) => answer.text === `no ${index}`);
  },
};

export const run = api({ method: "POST", path: "/run", expose: true }, async ({ name }: { name: string }) => {
  const call = cases[name];
  return { outcome: call === undefined ? null : await describeOutcome(call) };
});

export const list = api({ method: "GET", path: "/cases", expose: true }, async () => Object.keys(cases));
