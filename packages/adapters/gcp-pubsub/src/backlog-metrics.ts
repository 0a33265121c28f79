// How much waits in subscriptions: Pub/Sub has no call for it, and tells Cloud Monitoring every minute.
import type { GcpPubsubConfig } from "./config.ts";
import { RestClient } from "./rest-client.ts";

const defaultEndpoint = "https://monitoring.googleapis.com";
const scope = "https://www.googleapis.com/auth/monitoring.read";
/** Points come up to four minutes late. */
const windowMs = 6 * 60_000;

export const backlogMetric = "pubsub.googleapis.com/subscription/num_undelivered_messages";
export const oldestAgeMetric = "pubsub.googleapis.com/subscription/oldest_unacked_message_age";

interface TimeSeriesList {
  readonly timeSeries?: readonly {
    readonly resource: { readonly labels: { readonly subscription_id: string } };
    /** The newest first. */
    readonly points: readonly { readonly value: { readonly int64Value?: string } }[];
  }[];
  readonly nextPageToken?: string;
}

export class BacklogMetrics {
  readonly #client: RestClient;

  constructor({ monitoringEndpoint }: GcpPubsubConfig) {
    this.#client = new RestClient(monitoringEndpoint ?? defaultEndpoint, scope);
  }

  /** By the subscription's id; one that is not there has nothing, or nothing was told of it yet. */
  async latest(
    project: string,
    metric: string,
    subscriptionIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    const ids = subscriptionIds.map((id) => `"${id}"`).join(",");
    const now = Date.now();
    const query = new URLSearchParams({
      filter: `metric.type = "${metric}" AND resource.labels.subscription_id = one_of(${ids})`,
      "interval.startTime": new Date(now - windowMs).toISOString(),
      "interval.endTime": new Date(now).toISOString(),
    });
    const found = new Map<string, number>();
    for (;;) {
      const path = `/v3/projects/${project}/timeSeries?${query}`;
      const { timeSeries = [], nextPageToken = "" } = await this.#client.request<TimeSeriesList>("GET", path);
      for (const { resource, points } of timeSeries) {
        found.set(resource.labels.subscription_id, Number(points[0]?.value.int64Value ?? 0));
      }
      if (nextPageToken === "") return found;
      query.set("pageToken", nextPageToken);
    }
  }
}
