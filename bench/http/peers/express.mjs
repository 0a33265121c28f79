// Express 5 with zod, as its users validate.
import express from "express";
import { people } from "../people.mjs";
import { userOfToken } from "../tokens.mjs";
import { submissionAnswer } from "./submission-answer.mjs";
import { tickLines } from "./tick-lines.mjs";
import { orderParams, submissionBody, submissionHeaders, submissionQuery } from "./zod-schemas.mjs";

const app = express();
app.disable("x-powered-by");
app.disable("etag");

app.get("/hello/:name", (request, response) => {
  response.json({ message: `Hello ${request.params.name}` });
});

app.post("/schema", express.json(), (request, response) => {
  const headers = submissionHeaders.safeParse(request.headers);
  const query = submissionQuery.safeParse(request.query);
  const body = submissionBody.safeParse(request.body);
  if (!headers.success || !query.success || !body.success) return response.status(400).json({ error: "not valid" });
  const { name, excitement } = query.data;
  response.json(submissionAnswer(headers.data["x-foo"], name, excitement, body.data.requiredKey));
});

app.get("/people", (_request, response) => {
  response.json({ people });
});

app.get("/users/:userId/orders/:orderId", (request, response) => {
  const params = orderParams.safeParse(request.params);
  if (!params.success) return response.status(400).json({ error: "not valid" });
  response.json(params.data);
});

function authenticate(request, response, next) {
  const { authorization = "" } = request.headers;
  const userId = authorization.startsWith("Bearer ") ? userOfToken.get(authorization.slice(7)) : undefined;
  if (userId === undefined) return response.status(401).json({ error: "who are you?" });
  request.userId = userId;
  next();
}

app.get("/me", authenticate, (request, response) => {
  response.json({ userId: request.userId });
});

app.get("/ticks", (_request, response) => {
  response.type("application/x-ndjson");
  const lines = tickLines();
  const writeOn = () => {
    for (let line = lines.next(); !line.done; line = lines.next()) {
      if (!response.write(line.value)) return response.once("drain", writeOn);
    }
    response.end();
  };
  writeOn();
});

app.listen(Number(process.env.PORT), "127.0.0.1");
