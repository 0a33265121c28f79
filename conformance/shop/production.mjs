// The shop as it runs in production: which processes there are, and where its database servers and its engine are.
import { requestTo } from "../harness/request-to.mjs";
import { Deployment } from "../kills/deployment.mjs";

const services = ["users", "products", "orders", "payments", "notifications", "storefront"];
const databases = services.filter((service) => service !== "storefront");

export const topologies = {
  "one process": [{ role: "shop", services }],
  "a process each": services.map((service) => ({ role: service, services: [service] })),
};

/** @param {{ engine: string, topology: keyof typeof topologies }} options */
export async function openShop({ engine, topology }) {
  const deployment = await Deployment.open({ app: "examples/shop", databases, parts: topologies[topology], engine });
  // The gateway and its auth handler belong to the service users; it stands first.
  const gateway = deployment.players[0].address;
  return { deployment, gateway, request: (...args) => requestTo(gateway, ...args), close: () => deployment.close() };
}
