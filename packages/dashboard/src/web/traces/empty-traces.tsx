// Shown when there is no trace: how to make the first one, or how to get rid of filters that match nothing.
import { useAppGraph } from "../shell/app-graph.tsx";
import { CopyButton } from "../shell/copy-button.tsx";
import { firstRequest } from "./first-request.ts";

/** Where `tenon dev` listens unless told otherwise. */
const DEFAULT_GATEWAY = "http://127.0.0.1:4000";

export function EmptyTraces({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  if (filtered) {
    return (
      <div className="empty">
        <h2>No trace matches these filters</h2>
        <button type="button" onClick={onClear}>
          Clear filters
        </button>
      </div>
    );
  }
  return (
    <div className="empty">
      <h2>No traces yet</h2>
      <FirstRequestHint />
    </div>
  );
}

function FirstRequestHint() {
  const { graph, status } = useAppGraph();
  if (graph === undefined) return <p>Every request to the app appears here as soon as it is made.</p>;
  const request = firstRequest(graph, status?.gateway ?? DEFAULT_GATEWAY);
  if (request === undefined) {
    return (
      <p>
        No endpoint of this app can be reached from outside. Set <code>expose: true</code> on one, then call it.
      </p>
    );
  }
  return (
    <>
      <p>
        Every request to the app appears here as soon as it is made. Call{" "}
        <strong>
          {request.service}.{request.endpoint}
        </strong>{" "}
        to make the first:
      </p>
      <div className="command">
        <pre>
          <code>{request.command}</code>
        </pre>
        <CopyButton text={request.command} what="command" />
      </div>
    </>
  );
}
