// The top of a trace's page: the request, its outcome and its size.
import type { Trace } from "@tenon/model";
import { CopyButton } from "../shell/copy-button.tsx";
import { ErrorIcon, PartialIcon } from "../shell/icons.tsx";
import { Fact } from "../shell/fact.tsx";
import { ServiceChip } from "../shell/service-chip.tsx";
import { formatDuration } from "../text/duration.ts";
import { formatMoment } from "../text/moment.ts";
import { outcomeOf, type SpanOutcome, text } from "./span-outcome.ts";
import type { SpanTree } from "./span-tree.ts";

export function TraceHead({ trace, tree }: { readonly trace: Trace; readonly tree: SpanTree }) {
  const root = tree.roots.find((node) => !node.missingParent)?.span ?? tree.roots[0]?.span;
  const method = root === undefined ? undefined : text(root.attributes, "http.request.method");
  const path =
    root === undefined ? undefined : (text(root.attributes, "url.path") ?? text(root.attributes, "http.route"));
  const services = [...new Set(trace.spans.map((span) => span.service))].filter((name) => name !== "gateway").sort();
  const status = root?.attributes["http.response.status_code"];
  const outcome = traceOutcome(tree, trace);
  return (
    <header className="trace-head">
      <h1>
        {method !== undefined && path !== undefined ? (
          <>
            <span className="method">{method}</span> {path}
          </>
        ) : (
          (root?.name ?? "Trace")
        )}
      </h1>
      <dl className="facts">
        <Fact word="Outcome">
          <span className={`outcome ${outcome.tone}`}>
            {outcome.tone !== "succeeded" && <ErrorIcon />}
            {outcome.words}
            {status !== undefined && ` · ${status}`}
          </span>
        </Fact>
        <Fact word="Duration">{formatDuration(tree.durationMs)}</Fact>
        <Fact word="Spans">{trace.spans.length}</Fact>
        {services.length > 0 && (
          <Fact word="Services">
            <span className="chips">
              {services.map((service) => (
                <ServiceChip key={service} service={service} />
              ))}
            </span>
          </Fact>
        )}
        <Fact word="Started">
          <time dateTime={new Date(tree.startedAt).toISOString()}>{formatMoment(tree.startedAt)}</time>
        </Fact>
        <Fact word="Trace id">
          <code className="trace-id">{trace.traceId}</code>
          <CopyButton text={trace.traceId} what="trace id" />
        </Fact>
      </dl>
      <PartialNotice missingParents={tree.missingParents} />
    </header>
  );
}

function traceOutcome(tree: SpanTree, trace: Trace): { readonly tone: SpanOutcome; readonly words: string } {
  const root = tree.roots.find((node) => !node.missingParent);
  if (root === undefined) return { tone: "refused", words: "not finished" };
  const tone = outcomeOf(root.span);
  if (tone === "succeeded" && trace.spans.some((span) => span.status === "error")) {
    return { tone: "refused", words: "succeeded after a failure" };
  }
  return { tone, words: tone };
}

function PartialNotice({ missingParents }: { readonly missingParents: number }) {
  if (missingParents === 0) return null;
  const subject = missingParents === 1 ? "One span's parent has" : `${missingParents} spans' parents have`;
  return (
    <p className="notice partial">
      <PartialIcon /> {subject} not arrived: this trace is partial. Parents come last, so a running request looks like
      this too.
    </p>
  );
}
