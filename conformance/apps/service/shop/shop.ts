import { currentRequest } from "encore.dev";
import { api } from "encore.dev/api";
import log from "encore.dev/log";
import { Counter } from "encore.dev/metrics";
import { mail } from "~encore/clients";
import { sent } from "../shared/metrics";

const sold = new Counter("shop_sold");
const atLoad = currentRequest();

export const buy = api(
  { expose: true, method: "GET", path: "/shop/buy/:item" },
  async ({
    item,
    size,
  }: {
    item: string;
    size: number;
  }): Promise<{ atLoad: boolean; inner: unknown; own: unknown }> => {
    sold.increment();
    sent.increment();
    log.with({ item }).debug("sold");
    const { request } = await mail.send({ to: item, size });
    return { atLoad: atLoad === undefined, inner: request, own: JSON.parse(JSON.stringify(currentRequest())) };
  },
);
