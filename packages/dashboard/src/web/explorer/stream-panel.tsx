// A stream in the API explorer: connects to the gateway as a browser would, sends messages that are filled in, and shows what comes.
import { type AuthHandler, type Endpoint, type Graph, placeRequest, resolveSchema } from "@tenon/model";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { blankValue } from "./blank-value.ts";
import { type Auth, type Draft, partsOf } from "./drafts.ts";
import { FieldEditors } from "./object-editor.tsx";
import { ValueEditor } from "./value-editor.tsx";

interface Line {
  readonly id: number;
  readonly who: "sent" | "received" | "note";
  readonly text: string;
}

/** More would only make the page slow. */
const mostLines = 500;

interface StreamPanelProps {
  readonly endpoint: Endpoint;
  readonly graph: Graph;
  readonly gateway: string;
  readonly draft: Draft;
  readonly auth: Auth;
  readonly onChange: (draft: Draft) => void;
  /** What the endpoint is. */
  readonly head: ReactNode;
}

/** Two sides: what is sent, and what came. */
export function StreamPanel(props: StreamPanelProps) {
  const { endpoint, graph, gateway, draft, auth, onChange, head } = props;
  const incoming = endpoint.messages?.incoming;
  const [message, setMessage] = useState<unknown>(() =>
    incoming === undefined ? undefined : blankValue(incoming, graph.schemas),
  );
  const { lines, isOpen, open, send, close } = useSocket();
  const handshake = endpoint.request === undefined ? null : resolveSchema(endpoint.request, graph.schemas);
  const connect = (event: FormEvent) => {
    event.preventDefault();
    if (isOpen) close();
    else open(...socketAddress(endpoint, draft, auth, graph.authHandlers ?? [], gateway));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(JSON.stringify(message));
  };
  return (
    <>
      <section className="call-side">
        {head}
        <form className="call-form" onSubmit={connect} aria-label="The connection">
          {handshake?.kind === "object" && (
            <FieldEditors
              properties={handshake.properties}
              schemas={graph.schemas}
              value={draft.request}
              onChange={(request) => onChange({ ...draft, request })}
              placeOf={(name) => endpoint.fields.find((field) => field.name === name)?.in}
            />
          )}
          <div className="call-buttons">
            <button type="submit" className="primary">
              {isOpen ? "Disconnect" : "Connect"}
            </button>
          </div>
        </form>
        {incoming !== undefined && isOpen && (
          <form className="call-form" onSubmit={submit} aria-label="A message">
            <ValueEditor
              schema={incoming}
              schemas={graph.schemas}
              value={message}
              onChange={setMessage}
              label="Message"
            />
            <div className="call-buttons">
              <button type="submit" className="primary">
                Send
              </button>
            </div>
          </form>
        )}
      </section>
      <section className="call-side">
        {lines.length === 0 && <p className="muted">Messages will be here.</p>}
        <ol className="stream-lines" aria-live="polite" aria-label="Messages">
          {lines.map(({ id, who, text }) => (
            <li key={id} className={who}>
              <span className="place">{who}</span> <code>{text}</code>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

/** Headers travel as a subprotocol: a page cannot set them. */
function socketAddress(
  endpoint: Endpoint,
  draft: Draft,
  auth: Auth,
  handlers: readonly AuthHandler[],
  gateway: string,
): [string, string[]] {
  const { target, headers } = placeRequest(endpoint, partsOf(draft, auth, false), handlers);
  const { cookie: _browsersOwn, ...others } = headers;
  const bytes = new TextEncoder().encode(JSON.stringify(others));
  const text = btoa(String.fromCharCode(...bytes))
    .replaceAll("=", "")
    .replaceAll("+", "-")
    .replaceAll("/", "_");
  const protocols = Object.keys(others).length === 0 ? ["encore-ws"] : ["encore-ws", `tenon.headers.${text}`];
  return [gateway.replace(/^http/, "ws") + target, protocols];
}

function useSocket() {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [isOpen, setIsOpen] = useState(false);
  const socket = useRef<WebSocket>(undefined);
  const count = useRef(0);
  const add = (who: Line["who"], text: string) => {
    const line = { id: count.current++, who, text };
    setLines((before) => [...before, line].slice(-mostLines));
  };
  useEffect(() => () => socket.current?.close(), []);
  const open = (url: string, protocols: string[]) => {
    const next = new WebSocket(url, protocols);
    socket.current = next;
    next.onopen = () => {
      setIsOpen(true);
      add("note", "connected");
    };
    next.onmessage = ({ data }) => add("received", String(data));
    next.onclose = ({ code, reason }) => {
      setIsOpen(false);
      add("note", `closed with ${code}${reason === "" ? "" : `: ${reason}`}`);
    };
  };
  const send = (text: string) => {
    socket.current?.send(text);
    add("sent", text);
  };
  return { lines, isOpen, open, send, close: () => socket.current?.close(1000) };
}
