import { json } from "node:stream/consumers";
import { ApolloServer, HeaderMap } from "@apollo/server";
import { expressMiddleware } from "@as-integrations/express5";
import express from "express";
import { api } from "tenon/api";
import { live } from "~tenon/clients";

const typeDefs = `type Query { hello(name: String!): String!  pong: Boolean! }`;
const resolvers = {
  Query: {
    hello: (_parent: unknown, { name }: { name: string }) => `Hello ${name}`,
    pong: async () => (await live.ping()).pong,
  },
};
const server = new ApolloServer({ typeDefs, resolvers });
await server.start();

const app = express();
app.use("/graphql/express", express.json(), expressMiddleware(server));
export const graphqlExpress = api.raw({ method: "*", path: "/graphql/express", expose: true }, app);

/** Without any framework in between. */
export const graphql = api.raw({ method: "POST", path: "/graphql", expose: true }, async (request, response) => {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const answer = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: "POST", headers, search: "", body: await json(request) },
    context: async () => ({}),
  });
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.statusCode = answer.status ?? 200;
  response.end(answer.body.kind === "complete" ? answer.body.string : "");
});
