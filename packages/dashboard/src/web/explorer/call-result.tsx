// What a call gave: status, time, headers and body, and the trace it left.
import type { CallAnswer } from "../server/api.ts";
import { CopyButton } from "../shell/copy-button.tsx";
import { Fact } from "../shell/fact.tsx";
import { formatDuration } from "../text/duration.ts";
import { CallTrace } from "./call-trace.tsx";

export function CallResult({ answer }: { readonly answer: CallAnswer }) {
  const { response, traceId } = answer;
  return (
    <section className="call-result" aria-label="The answer">
      <dl className="facts">
        <Fact word="Status">
          <span
            className={
              response.status < 400 ? "outcome succeeded" : response.status < 500 ? "outcome refused" : "outcome failed"
            }
          >
            {response.status}
          </span>
        </Fact>
        <Fact word="Duration">{formatDuration(answer.durationMs)}</Fact>
        <Fact word="Size">{sizeWords(answer)}</Fact>
      </dl>
      <Body answer={answer} />
      <details>
        <summary>{response.headers.length} headers</summary>
        <dl className="header-list">
          {response.headers.map(([name, value]) => (
            <div key={`${name} ${value}`}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      {traceId !== null && <CallTrace key={traceId} traceId={traceId} />}
    </section>
  );
}

function Body({ answer: { response } }: { readonly answer: CallAnswer }) {
  if (response.body === "") return <p className="muted">The body is empty.</p>;
  const text = response.encoding === "base64" ? response.body : prettyJson(response.body);
  return (
    <div className="call-body">
      {response.encoding === "base64" && <p className="muted">Bytes, as base64:</p>}
      <CopyButton text={text} what="the body" />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
      {response.truncated && <p className="muted">There is more, which is not shown.</p>}
    </div>
  );
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function sizeWords({ response }: CallAnswer): string {
  const bytes =
    response.encoding === "base64"
      ? Math.floor((response.body.length * 3) / 4)
      : new TextEncoder().encode(response.body).length;
  const size = bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KB`;
  return response.truncated ? `over ${size}` : size;
}
