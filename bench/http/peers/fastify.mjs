// Fastify 5 with JSON schemas in and out. Bodies are not coerced (a text is no number), by the validators per part that its manual shows.
import { Readable } from "node:stream";
import { Ajv } from "ajv";
import fastify from "fastify";
import { people } from "../people.mjs";
import { userOfToken } from "../tokens.mjs";
import { submissionAnswer } from "./submission-answer.mjs";
import { tickLines } from "./tick-lines.mjs";

const text = { type: "string" };
const number = { type: "number" };
const objectOf = (properties, required = Object.keys(properties)) => ({ type: "object", properties, required });

const app = fastify({ logger: false });

const strict = new Ajv({ coerceTypes: false, allErrors: false, allowUnionTypes: true });
const coercing = new Ajv({ coerceTypes: true, allErrors: false });
app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === "body" ? strict : coercing).compile(schema));

app.get("/hello/:name", { schema: { response: { 200: objectOf({ message: text }) } } }, (request, reply) => {
  reply.send({ message: `Hello ${request.params.name}` });
});

const submission = objectOf(
  {
    someKey: text,
    someOtherKey: number,
    requiredKey: { type: "array", maxItems: 3, items: { type: "integer" } },
    nullableKey: { type: ["number", "null"] },
    multipleTypesKey: { anyOf: [{ type: "boolean" }, number] },
    multipleRestrictedTypesKey: {
      oneOf: [
        { type: "string", maxLength: 5 },
        { type: "number", minimum: 10 },
      ],
    },
    enumKey: { type: "string", enum: ["John", "Foo"] },
  },
  ["requiredKey"],
);
const submissionSchema = {
  body: submission,
  querystring: objectOf({ name: text, excitement: number }, []),
  headers: objectOf({ "x-foo": text }),
  response: { 200: objectOf({ message: text, excitement: number, total: number }) },
};
app.post("/schema", { schema: submissionSchema }, ({ headers, query, body }, reply) => {
  reply.send(submissionAnswer(headers["x-foo"], query.name, query.excitement, body.requiredKey));
});

const person = objectOf({
  id: { type: "integer" },
  name: text,
  email: text,
  active: { type: "boolean" },
  balanceCents: { type: "integer" },
  tags: { type: "array", items: text },
  address: objectOf({ street: text, city: text, zip: text }),
});
const peopleSchema = { response: { 200: objectOf({ people: { type: "array", items: person } }) } };
app.get("/people", { schema: peopleSchema }, (_request, reply) => {
  reply.send({ people });
});

const orderParts = objectOf({ userId: text, orderId: number });
const orderSchema = { params: orderParts, response: { 200: orderParts } };
app.get("/users/:userId/orders/:orderId", { schema: orderSchema }, ({ params: { userId, orderId } }, reply) => {
  reply.send({ userId, orderId });
});

app.decorateRequest("userId", null);
function authenticate(request, reply, done) {
  const { authorization = "" } = request.headers;
  const userId = authorization.startsWith("Bearer ") ? userOfToken.get(authorization.slice(7)) : undefined;
  if (userId === undefined) return reply.code(401).send({ error: "who are you?" });
  request.userId = userId;
  done();
}
const meOptions = { preHandler: authenticate, schema: { response: { 200: objectOf({ userId: text }) } } };
app.get("/me", meOptions, (request, reply) => {
  reply.send({ userId: request.userId });
});

app.get("/ticks", (_request, reply) => {
  reply.type("application/x-ndjson").send(Readable.from(tickLines()));
});

await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
