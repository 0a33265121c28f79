// How a subscription stands: what waits, how fast it goes.
import type { ListedSubscription } from "../server/api.ts";
import { Fact } from "../shell/fact.tsx";
import { ServiceChip } from "../shell/service-chip.tsx";
import { formatCount } from "../text/count.ts";
import { formatAge } from "./age.ts";

export function SubscriptionFacts({ state }: { readonly state: ListedSubscription }) {
  const { service, backlog, oldestAgeMs, handledPerMinute, failedPerMinute, deadLetters, countedUpTo } = state;
  return (
    <dl className="facts subscription-facts">
      <Fact word="Service">
        <ServiceChip service={service} />
      </Fact>
      <Fact word="Backlog">{formatCount(backlog, countedUpTo)}</Fact>
      <Fact word="Oldest">{oldestAgeMs === null ? "–" : formatAge(oldestAgeMs)}</Fact>
      <Fact word="Handled in the last minute">{formatCount(handledPerMinute)}</Fact>
      <Fact word="Failed in the last minute">{formatCount(failedPerMinute)}</Fact>
      <Fact word="Dead letters">{formatCount(deadLetters, countedUpTo)}</Fact>
    </dl>
  );
}
