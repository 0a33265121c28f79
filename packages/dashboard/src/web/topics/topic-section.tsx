// One topic: what it promises, who publishes to it, and a row for each subscription.
import type { ListedSubscription, ListedTopic } from "../server/api.ts";
import { Link } from "../shell/link.tsx";
import { ServiceChip } from "../shell/service-chip.tsx";
import { formatCount } from "../text/count.ts";
import { formatAge } from "./age.ts";

export function TopicSection({ topic }: { readonly topic: ListedTopic }) {
  const { name, deliveryGuarantee, orderingAttribute, publishers, publishedPerMinute, subscriptions } = topic;
  const headingId = `topic-${name}`;
  return (
    <section className="topic" aria-labelledby={headingId}>
      <div className="topic-head">
        <h2 id={headingId}>{name}</h2>
        <span className="promise">{deliveryGuarantee === "exactly-once" ? "exactly once" : "at least once"}</span>
        {orderingAttribute !== undefined && <span className="promise">in order by {orderingAttribute}</span>}
        <span className="topic-publishers">
          {publishers.length === 0 ? "Nobody publishes to it" : "Published by"}
          {publishers.map((service) => (
            <ServiceChip key={service} service={service} />
          ))}
        </span>
        <span className="topic-rate">
          <strong className="number">{formatCount(publishedPerMinute)}</strong> in the last minute
        </span>
      </div>
      {subscriptions.length === 0 ? (
        <p className="topic-alone muted">Nobody subscribes to it: what is published reaches nobody.</p>
      ) : (
        <table className="subscriptions">
          <caption className="visually-hidden">Subscriptions of {name}</caption>
          <thead>
            <tr>
              <th scope="col">Subscription</th>
              <th scope="col">Service</th>
              <th scope="col" className="number">
                Backlog
              </th>
              <th scope="col" className="number">
                Oldest
              </th>
              <th scope="col" className="number">
                Handled / min
              </th>
              <th scope="col" className="number">
                Failed / min
              </th>
              <th scope="col" className="number">
                Dead letters
              </th>
            </tr>
          </thead>
          <tbody>
            {subscriptions.map((subscription) => (
              <SubscriptionRow key={subscription.name} topic={name} subscription={subscription} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function SubscriptionRow({
  topic,
  subscription,
}: {
  readonly topic: string;
  readonly subscription: ListedSubscription;
}) {
  const { name, service, backlog, oldestAgeMs, handledPerMinute, failedPerMinute, deadLetters, countedUpTo } =
    subscription;
  return (
    <tr className={deadLetters > 0 ? "dead" : undefined}>
      <td className="subscription-name">
        <Link href={`/topics/${encodeURIComponent(topic)}/${encodeURIComponent(name)}`}>{name}</Link>
      </td>
      <td className="subscription-service">
        <ServiceChip service={service} />
      </td>
      <Figure word="Backlog" value={formatCount(backlog, countedUpTo)} />
      <Figure word="Oldest" value={oldestAgeMs === null ? "–" : formatAge(oldestAgeMs)} />
      <Figure word="Handled / min" value={formatCount(handledPerMinute)} />
      <Figure
        word="Failed / min"
        value={formatCount(failedPerMinute)}
        tone={failedPerMinute > 0 ? "warn" : undefined}
      />
      <Figure
        word="Dead letters"
        value={formatCount(deadLetters, countedUpTo)}
        tone={deadLetters > 0 ? "bad" : undefined}
      />
    </tr>
  );
}

/** The word is read where the table has no head, on a narrow screen. */
function Figure({
  word,
  value,
  tone = "",
}: {
  readonly word: string;
  readonly value: string;
  readonly tone?: "warn" | "bad" | "" | undefined;
}) {
  return (
    <td className={`number figure ${tone}`}>
      <span className="figure-word">{word}</span>
      {value}
    </td>
  );
}
