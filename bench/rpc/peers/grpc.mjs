// gRPC in JavaScript (grpc-js) with protocol buffers, one connection per service. It has no calls within a process.
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { answerOf } from "../chain.mjs";

const { bench } = grpc.loadPackageDefinition(loadSync(fileURLToPath(new URL("item.proto", import.meta.url))));

export async function startServices({ services, addresses }) {
  const clients = {};
  const call = (service, request) =>
    new Promise((resolve, reject) => {
      clients[service] ??= new bench.Items(addresses[service], grpc.credentials.createInsecure());
      clients[service].get(request, (error, item) => (error === null ? resolve(item) : reject(error)));
    });
  for (const service of services) {
    const server = new grpc.Server();
    server.addService(bench.Items.service, {
      get(callOfClient, done) {
        answerOf(service, callOfClient.request, call).then((item) => done(null, item), done);
      },
    });
    await new Promise((resolve, reject) => {
      const credentials = grpc.ServerCredentials.createInsecure();
      server.bindAsync(addresses[service], credentials, (error) => (error === null ? resolve() : reject(error)));
    });
  }
  return { call };
}
