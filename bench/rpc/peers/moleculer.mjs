// Moleculer with its validator: a call of the broker in process, its own TCP transporter between processes.
import { ServiceBroker } from "moleculer";
import { answerOf } from "../chain.mjs";

const nodeOf = (address) => `node-${address.split(":")[1]}`;

/** A process is one node of Moleculer; it has the address of the first service that it hosts, or the driver's. */
export async function startServices({ services, addresses, isSplit }) {
  const own = addresses[services[0] ?? "driver"];
  const urls = Object.values(addresses).map((address) => `tcp://${address}/${nodeOf(address)}`);
  const broker = new ServiceBroker({
    nodeID: nodeOf(own),
    logger: false,
    transporter: isSplit
      ? { type: "TCP", options: { udpDiscovery: false, port: Number(own.split(":")[1]), urls: [...new Set(urls)] } }
      : null,
  });
  const call = (service, request) => broker.call(`${service}.get`, request);
  for (const name of services) {
    const get = { params: { id: "string" }, handler: ({ params }) => answerOf(name, params, call) };
    broker.createService({ name, actions: { get } });
  }
  await broker.start();
  await broker.waitForServices(
    Object.keys(addresses).filter((name) => name !== "driver"),
    15_000,
    50,
  );
  return { call };
}
