// What happened within a span, log lines above all, each with its time since the span began.
import type { SpanEvent } from "@tenon/model";
import { formatDuration } from "../text/duration.ts";
import { printAttribute } from "./attributes-table.tsx";
import { text } from "./span-outcome.ts";

interface EventListProps {
  readonly events: readonly SpanEvent[];
  readonly spanStartedAt: number;
}

export function EventList({ events, spanStartedAt }: EventListProps) {
  return (
    <section>
      <h3>Events</h3>
      <ol className="events">
        {events.map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: recorded in this order, never reordered
          <li key={index}>
            <span className="event-time">+{formatDuration(event.at - spanStartedAt)}</span>
            <EventText event={event} />
          </li>
        ))}
      </ol>
    </section>
  );
}

const shownApart = new Set(["level", "message", "exception.stacktrace"]);

function EventText({ event }: { readonly event: SpanEvent }) {
  const level = event.name === "log" ? text(event.attributes, "level") : undefined;
  const message = text(event.attributes, "message") ?? event.name;
  const rest = Object.entries(event.attributes).filter(([name]) => !shownApart.has(name));
  const stack = text(event.attributes, "exception.stacktrace");
  return (
    <span className="event-text">
      {level !== undefined && <span className={`level ${level}`}>{level}</span>} {message}
      {rest.map(([name, value]) => (
        <span key={name} className="event-field">
          {name}={printAttribute(value)}
        </span>
      ))}
      {stack !== undefined && <pre className="stack">{stack}</pre>}
    </span>
  );
}
