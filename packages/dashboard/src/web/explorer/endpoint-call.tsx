// One endpoint with the call that is being prepared and the answer to the last one.
import type { Endpoint, Graph } from "@tenon/model";
import { useEffect, useRef, useState } from "react";
import { type CallAnswer, makeCall } from "../server/api.ts";
import { CallForm } from "./call-form.tsx";
import { CallResult } from "./call-result.tsx";
import { StreamPanel } from "./stream-panel.tsx";
import { type Auth, blankDraft, type Draft, draftOf, keepAuth, keepDraft, keptAuth, partsOf } from "./drafts.ts";

interface EndpointCallProps {
  readonly service: string;
  readonly endpoint: Endpoint;
  readonly graph: Graph;
  readonly gateway: string | undefined;
}

export function EndpointCall({ service, endpoint, graph, gateway = "http://localhost:4000" }: EndpointCallProps) {
  const name = `${service}.${endpoint.name}`;
  const authKind = endpoint.expose ? "credentials" : "data";
  const [draft, setDraft] = useState<Draft>(() => draftOf(name, endpoint, graph.schemas));
  const [auth, setAuth] = useState<Auth>(() => keptAuth(authKind));
  // A form that is cleared begins anew, with what its inputs remembered.
  const [round, setRound] = useState(0);
  const { outcome, isSending, send } = useCall(service, endpoint.name);
  const change = (next: Draft) => {
    setDraft(next);
    keepDraft(name, next);
  };
  const isStream = endpoint.kind.startsWith("stream-");
  const isRaw = endpoint.kind === "raw" || endpoint.kind === "static";
  const head = <EndpointHead name={name} endpoint={endpoint} />;
  const known = { endpoint, gateway, draft, auth, onChange: change };
  if (isStream) {
    return (
      <div className="endpoint-call">
        <StreamPanel {...known} graph={graph} head={head} />
      </div>
    );
  }
  return (
    <div className="endpoint-call">
      <section className="call-side">
        {head}
        <CallForm
          {...known}
          key={round}
          schemas={graph.schemas}
          authHandlers={graph.authHandlers ?? []}
          isSending={isSending}
          onAuth={(next) => {
            setAuth(next);
            keepAuth(authKind, next);
          }}
          onReset={() => {
            change(blankDraft(endpoint, graph.schemas));
            setRound(round + 1);
          }}
          onSend={() => send(partsOf(draft, auth, isRaw))}
        />
      </section>
      <section className="call-side" aria-live="polite" aria-busy={isSending}>
        {outcome === undefined && <p className="muted">The answer will be here.</p>}
        {outcome instanceof Error && (
          <p className="notice error" role="alert">
            The call could not be made: {outcome.message}
          </p>
        )}
        {outcome !== undefined && !(outcome instanceof Error) && <CallResult answer={outcome} />}
      </section>
    </div>
  );
}

function EndpointHead({ name, endpoint }: { readonly name: string; readonly endpoint: Endpoint }) {
  return (
    <header className="call-head">
      <h2>{name}</h2>
      <p className="route">
        <span className="method">{endpoint.methods.join(" ")}</span>{" "}
        <span className="path">{endpoint.path.pattern}</span>{" "}
        <span className={endpoint.expose ? "access public" : "access private"}>
          {endpoint.expose ? "public" : "private"}
        </span>
        {endpoint.auth && <span className="access auth">auth</span>}
      </p>
      {endpoint.description !== undefined && <p>{endpoint.description}</p>}
    </header>
  );
}

/** The newest call counts: one that is still under way is given up. */
function useCall(service: string, endpoint: string) {
  const [outcome, setOutcome] = useState<CallAnswer | Error>();
  const [isSending, setIsSending] = useState(false);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const send = (parts: Parameters<typeof makeCall>[1]) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setIsSending(true);
    const settle = (next: CallAnswer | Error) => {
      if (controller.signal.aborted) return;
      setOutcome(next);
      setIsSending(false);
    };
    makeCall({ service, endpoint }, parts, controller.signal).then(settle, (error: unknown) =>
      settle(error instanceof Error ? error : new Error(String(error))),
    );
  };
  return { outcome, isSending, send };
}
