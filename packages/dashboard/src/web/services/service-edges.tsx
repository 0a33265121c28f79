// What a service uses, and who uses it, as a list of facts. What there is none of is not shown.
import { type Graph, guaranteeText, type Service, takingText } from "@tenon/model";
import type { ReactNode } from "react";
import { AuthIcon, CallIcon, ClockIcon, DatabaseIcon, MessageIcon, PublishIcon } from "../shell/icons.tsx";

export function ServiceEdges({ service, graph }: { readonly service: Service; readonly graph: Graph }) {
  const { name } = service;
  const topics = graph.topics ?? [];
  const subscriptions = topics.flatMap((topic) =>
    topic.subscriptions
      .filter((own) => own.service === name)
      .map((own) => `${topic.name}/${own.name}${inParentheses(takingText(own))}`),
  );
  return (
    <dl className="edges">
      <Edge word="Database" icon={<DatabaseIcon />} names={service.databases} />
      <Edge word="Calls" icon={<CallIcon />} names={service.calls.map((call) => `${call.service}.${call.endpoint}`)} />
      <Edge word="Called by" icon={<IncomingIcon />} names={callersOf(name, graph)} />
      <Edge
        word="Publishes"
        icon={<PublishIcon />}
        names={topics
          .filter(({ publishers }) => publishers.includes(name))
          .map((topic) => `${topic.name}${inParentheses(guaranteeText(topic))}`)}
      />
      <Edge word="Subscribes" icon={<MessageIcon />} names={subscriptions} />
      <Edge
        word="Cron"
        icon={<ClockIcon />}
        names={(graph.cronJobs ?? []).filter((job) => job.service === name).map((job) => job.name)}
      />
      <Edge
        word="Authenticates"
        icon={<AuthIcon />}
        names={(graph.authHandlers ?? []).filter((handler) => handler.service === name).map((handler) => handler.name)}
      />
      <Edge word="Secrets" names={service.secrets} />
    </dl>
  );
}

function inParentheses(text: string): string {
  return text === "" ? "" : ` (${text})`;
}

function callersOf(name: string, graph: Graph): string[] {
  return graph.services.flatMap((other) =>
    other.calls.filter((call) => call.service === name).map((call) => `${other.name} → ${call.endpoint}`),
  );
}

const IncomingIcon = () => (
  <span className="incoming">
    <CallIcon />
  </span>
);

function Edge({
  word,
  icon,
  names,
}: {
  readonly word: string;
  readonly icon?: ReactNode;
  readonly names: readonly string[];
}) {
  if (names.length === 0) return null;
  return (
    <div>
      <dt>
        {icon !== undefined && <span className="edge-icon">{icon}</span>} {word}
      </dt>
      <dd>{names.join(", ")}</dd>
    </div>
  );
}
