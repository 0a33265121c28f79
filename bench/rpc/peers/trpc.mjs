// tRPC with zod on both sides: its caller in process, its HTTP link (which batches the calls of one tick) between processes.
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { createHTTPServer } from "@trpc/server/adapters/standalone";
import { z } from "zod";
import { answerOf } from "../chain.mjs";

const item = z.object({
  id: z.string(),
  name: z.string(),
  priceCents: z.number(),
  tags: z.array(z.string()),
  hops: z.number(),
});

export async function startServices({ services, addresses }) {
  const trpc = initTRPC.create();
  const callers = {};
  const call = (service, request) => callers[service].get.query(request);
  for (const [service, address] of Object.entries(addresses)) {
    if (services.includes(service)) continue;
    callers[service] = createTRPCClient({ links: [httpBatchLink({ url: `http://${address}` })] });
  }
  for (const service of services) {
    const router = trpc.router({
      get: trpc.procedure
        .input(z.object({ id: z.string() }))
        .output(item)
        .query(({ input }) => answerOf(service, input, call)),
    });
    const inProcess = trpc.createCallerFactory(router)({});
    callers[service] = { get: { query: inProcess.get } };
    const [host, port] = addresses[service].split(":");
    await new Promise((resolve) => createHTTPServer({ router }).listen(Number(port), host, resolve));
  }
  return { call };
}
