// The head of a request as browsers send it, from bytes to method, path, query and fields.
import { importBuilt } from "../../harness/import-built.mjs";

const bytes = Buffer.from(
  [
    "GET /users/ada/orders/17?verbose=true HTTP/1.1",
    "Host: 127.0.0.1:4000",
    "User-Agent: bench/1",
    "Accept: application/json, text/plain, */*",
    "Accept-Encoding: gzip, deflate, br",
    "Connection: keep-alive",
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "",
    "",
  ].join("\r\n"),
);
let parseHead;

export async function prepare(packagesDir) {
  ({ parseHead } = await importBuilt(packagesDir, "runtime/dist/http/parse-head.js"));
}

export function run(iterations) {
  let seen = 0;
  for (let index = 0; index < iterations; index++) {
    const request = parseHead(bytes, 0, 16_384);
    if (request.query === "verbose=true" && request.header("user-agent") === "bench/1") seen++;
  }
  if (seen !== iterations) throw new Error("the head was read wrongly");
}
