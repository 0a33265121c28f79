// Bare node:http with everything written by hand: what Node itself costs, and the least that a framework on top of it can cost.
import { createServer } from "node:http";
import { people } from "../people.mjs";
import { userOfToken } from "../tokens.mjs";
import { submissionAnswer } from "./submission-answer.mjs";
import { tickLines } from "./tick-lines.mjs";

function answer(response, status, value) {
  const text = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

const isOptional = (value, check) => value === undefined || check(value);
const isNumber = (value) => typeof value === "number";
const isString = (value) => typeof value === "string";
const isRestricted = (value) => (isString(value) ? value.length <= 5 : isNumber(value) && value >= 10);
const isSubmission = (body) =>
  typeof body === "object" &&
  body !== null &&
  isOptional(body.someKey, isString) &&
  isOptional(body.someOtherKey, isNumber) &&
  Array.isArray(body.requiredKey) &&
  body.requiredKey.length <= 3 &&
  body.requiredKey.every(Number.isInteger) &&
  isOptional(body.nullableKey, (value) => value === null || isNumber(value)) &&
  isOptional(body.multipleTypesKey, (value) => typeof value === "boolean" || isNumber(value)) &&
  isOptional(body.multipleRestrictedTypesKey, isRestricted) &&
  isOptional(body.enumKey, (value) => value === "John" || value === "Foo");

function submit(request, response, search) {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    let body;
    try {
      body = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    } catch {
      return answer(response, 400, { error: "body is no JSON" });
    }
    const query = new URLSearchParams(search);
    const excitement = query.has("excitement") ? Number(query.get("excitement")) : undefined;
    const foo = request.headers["x-foo"];
    if (foo === undefined || Number.isNaN(excitement) || !isSubmission(body)) {
      return answer(response, 400, { error: "not valid" });
    }
    answer(response, 200, submissionAnswer(foo, query.get("name") ?? undefined, excitement, body.requiredKey));
  });
}

function order(response, userId, idText) {
  const orderId = Number(idText);
  if (Number.isNaN(orderId)) return answer(response, 400, { error: "not valid" });
  answer(response, 200, { userId: decodeURIComponent(userId), orderId });
}

function me(request, response) {
  const { authorization = "" } = request.headers;
  const userId = authorization.startsWith("Bearer ") ? userOfToken.get(authorization.slice(7)) : undefined;
  if (userId === undefined) return answer(response, 401, { error: "who are you?" });
  answer(response, 200, { userId });
}

function ticks(response) {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  const lines = tickLines();
  const writeOn = () => {
    for (let line = lines.next(); !line.done; line = lines.next()) {
      if (!response.write(line.value)) return response.once("drain", writeOn);
    }
    response.end();
  };
  writeOn();
}

function get(request, response, path) {
  const parts = path.split("/");
  if (parts.length === 3 && parts[1] === "hello") {
    return answer(response, 200, { message: `Hello ${decodeURIComponent(parts[2])}` });
  }
  if (parts.length === 5 && parts[1] === "users" && parts[3] === "orders") return order(response, parts[2], parts[4]);
  if (path === "/people") return answer(response, 200, { people });
  if (path === "/me") return me(request, response);
  if (path === "/ticks") return ticks(response);
  answer(response, 404, { error: "not found" });
}

createServer((request, response) => {
  const mark = request.url.indexOf("?");
  const path = mark === -1 ? request.url : request.url.slice(0, mark);
  if (request.method === "GET") return get(request, response, path);
  if (request.method === "POST" && path === "/schema") {
    return submit(request, response, mark === -1 ? "" : request.url.slice(mark));
  }
  answer(response, 404, { error: "not found" });
}).listen(Number(process.env.PORT), "127.0.0.1");
