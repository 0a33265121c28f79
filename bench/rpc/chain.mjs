// The chain of services for the peers: s1 asks s2, and so on; s5 answers. The same work as in the Tenon app.
export const chain = ["s1", "s2", "s3", "s4", "s5"];

/** `call(service, request)` is the peer's way to call. */
export async function answerOf(service, { id }, call) {
  if (service === "s5") return { id, name: "Notebook", priceCents: 900, tags: ["paper", "office"], hops: 1 };
  const item = await call(chain[chain.indexOf(service) + 1], { id });
  return { ...item, hops: item.hops + 1 };
}
