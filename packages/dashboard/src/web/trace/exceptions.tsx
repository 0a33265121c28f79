// Why a span failed: each recorded exception with its stack, or the one line there is.
import type { Span } from "@tenon/model";
import { exceptionsOf, outcomeOf } from "./span-outcome.ts";

export function Exceptions({ span, message }: { readonly span: Span; readonly message: string | undefined }) {
  const exceptions = exceptionsOf(span);
  if (exceptions.length === 0 && message === undefined) return null;
  return (
    <section className={`exceptions ${outcomeOf(span)}`}>
      <h3>{outcomeOf(span) === "refused" ? "Refused" : "Error"}</h3>
      {exceptions.length === 0 && <p className="exception-message">{message}</p>}
      {exceptions.map((exception, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: recorded in this order, never reordered
        <div key={index} className="exception">
          <p className="exception-message">
            {exception.type !== undefined && <strong>{exception.type}: </strong>}
            {exception.message}
          </p>
          {exception.stack !== undefined && <pre className="stack">{exception.stack}</pre>}
        </div>
      ))}
    </section>
  );
}
