// Programs that use the generated clients, by name: one call through `~tenon/clients`, ten to services of their own, one of every client,
// and one through the client for front ends.

export function consumers(graph, services) {
  const calls = services.map((service) => {
    const endpoint = graph.services
      .find(({ name }) => name === service)
      .endpoints.find(({ request }) => request !== undefined);
    return { service, endpoint: endpoint.name };
  });
  return {
    one: tenonCalls(calls.slice(0, 1)),
    ten: tenonCalls(calls.slice(0, 10)),
    all: tenonCalls(calls),
    "front-end": frontEndCall(calls[0]),
  };
}

const identifier = (name) => name.replace(/-(.)/g, (_dash, next) => next.toUpperCase());

function tenonCalls(calls) {
  const names = calls.map(({ service }) => identifier(service));
  return [
    `import { ${names.join(", ")} } from "~tenon/clients";`,
    ...calls.map(
      ({ endpoint }, index) =>
        `export const call${index} = async () => await ${names[index]}.${endpoint}(null as never);`,
    ),
    "",
  ].join("\n");
}

function frontEndCall({ service, endpoint }) {
  const name = identifier(service);
  return [
    'import { Client } from "./front-end-client.ts";',
    "const client = new Client();",
    `export const call = async () => await client.${name}.${endpoint}(null as never);`,
    "",
  ].join("\n");
}
