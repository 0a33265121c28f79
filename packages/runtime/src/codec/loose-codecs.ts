// The codecs of a service in an app that asks for looseness (`"responses": "loose"`): what its own code gives may differ from its declared
// type, as responses, messages and auth data. What comes from outside is checked as ever.
import type { Codec, CodecsModule, EndpointCodec, Graph, Schema, Schemas } from "@tenon/model";
import { looseCodec } from "./loose-codec.ts";
import { looseRequest } from "./loose-request.ts";

export function looseCodecs(graph: Graph, service: string, module: CodecsModule): CodecsModule {
  const { services, schemas } = graph;
  const endpoints = services.find(({ name }) => name === service)?.endpoints ?? [];
  const loosened = Object.entries(module.codecs).map(([name, codec]) => {
    const endpoint = endpoints.find((one) => one.name === name);
    if (endpoint === undefined) return [name, codec];
    const loose = looseEndpoint(`${service}.${name}`, codec, endpoint, schemas);
    return [name, loose];
  });
  return {
    ...module,
    codecs: Object.fromEntries(loosened),
    ...(module.authHandlers === undefined ? {} : { authHandlers: looseAuthHandlers(module.authHandlers, graph) }),
    ...(module.topics === undefined ? {} : { topics: looseTopics(module.topics, graph) }),
  };
}

function looseEndpoint(
  name: string,
  codec: EndpointCodec,
  endpoint: Graph["services"][number]["endpoints"][number],
  schemas: Schemas,
): EndpointCodec {
  const { request, response } = codec;
  const outgoing = endpoint.messages?.outgoing;
  return {
    ...codec,
    request: request === null ? null : looseRequest(request, endpoint, schemas),
    response: response === null ? null : loose(`${name} answers with a value`, response, endpoint.response, schemas),
    ...(codec.outgoing === undefined
      ? {}
      : { outgoing: loose(`${name} sends a message`, codec.outgoing, outgoing, schemas) }),
  };
}

function looseAuthHandlers(
  codecs: NonNullable<CodecsModule["authHandlers"]>,
  { authHandlers = [], schemas }: Graph,
): NonNullable<CodecsModule["authHandlers"]> {
  return Object.fromEntries(
    Object.entries(codecs).map(([name, codec]) => {
      const schema = authHandlers.find((handler) => handler.name === name)?.data;
      const data = loose(`the auth handler ${name} gives data`, codec.data, schema, schemas);
      return [name, { ...codec, data, givenData: codec.data }];
    }),
  );
}

function looseTopics(codecs: Readonly<Record<string, Codec>>, { topics = [], schemas }: Graph): Record<string, Codec> {
  return Object.fromEntries(
    Object.entries(codecs).map(([name, codec]) => {
      const schema = topics.find((topic) => topic.name === name)?.message;
      return [name, loose(`the topic ${name} is given a message`, codec, schema, schemas)];
    }),
  );
}

function loose<Kind extends Codec>(what: string, codec: Kind, schema: Schema | undefined, schemas: Schemas): Kind {
  return schema === undefined ? codec : looseCodec(what, codec, schema, schemas);
}
