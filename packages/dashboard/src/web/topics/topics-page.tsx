// What goes through the app's topics: who publishes, who subscribes, what waits and for how long, and what could not be handled.
import { useEffect } from "react";
import { fetchTopics, type ListedTopic } from "../server/api.ts";
import { useFetched } from "../server/use-fetched.ts";
import { useLiveEvent } from "../server/live-events.ts";
import { usePolling } from "../server/use-polling.ts";
import { countOf } from "../text/count.ts";
import { TopicSection } from "./topic-section.tsx";

export function TopicsPage() {
  const topics = useFetched("topics", fetchTopics);
  usePolling(topics.refresh);
  useLiveEvent("reload", topics.refresh);
  useEffect(() => {
    document.title = "Topics · Tenon";
  }, []);
  return (
    <>
      {topics.failure !== undefined && (
        <p className="notice error" role="alert">
          The topics could not be fetched: {topics.failure.message}
        </p>
      )}
      {topics.value !== undefined && <LoadedTopics topics={topics.value} />}
      {topics.value === undefined && topics.failure === undefined && (
        <p className="loading" role="status">
          Loading the topics
        </p>
      )}
    </>
  );
}

function LoadedTopics({ topics }: { readonly topics: readonly ListedTopic[] }) {
  if (topics.length === 0) return <NoTopics />;
  const subscriptions = topics.flatMap((topic) => topic.subscriptions);
  const dead = subscriptions.reduce((sum, { deadLetters }) => sum + deadLetters, 0);
  return (
    <>
      <div className="page-head">
        <h1>Topics</h1>
        <p className="muted">
          {countOf(topics.length, "topic")}, {countOf(subscriptions.length, "subscription")},{" "}
          {countOf(dead, "dead letter")}
        </p>
      </div>
      {topics.map((topic) => (
        <TopicSection key={topic.name} topic={topic} />
      ))}
    </>
  );
}

function NoTopics() {
  return (
    <div className="empty">
      <h1>No topics</h1>
      <p>Services of this app tell each other nothing by messages yet. A topic is declared at the top of a file:</p>
      <div className="command">
        <pre>
          <code>{`export const placed = new Topic<OrderPlaced>("order-placed", {\n  deliveryGuarantee: "at-least-once",\n});`}</code>
        </pre>
      </div>
    </div>
  );
}
