// Everything that can be said in a call to an endpoint: its fields as a form or as JSON, who asks, and the command that does the same.
import {
  type AuthHandler,
  type Endpoint,
  type HttpMethod,
  type Property,
  placeRequest,
  resolveSchema,
  type Schema,
  type Schemas,
} from "@tenon/model";
import type { FormEvent, KeyboardEvent } from "react";
import { CopyButton } from "../shell/copy-button.tsx";
import { curlLine } from "./curl-line.ts";
import { type Auth, type Draft, partsOf } from "./drafts.ts";
import { JsonEditor } from "./json-editor.tsx";
import { FieldEditors } from "./object-editor.tsx";

export interface CallFormProps {
  readonly endpoint: Endpoint;
  readonly schemas: Schemas;
  readonly authHandlers: readonly AuthHandler[];
  readonly gateway: string;
  readonly draft: Draft;
  readonly auth: Auth;
  readonly isSending: boolean;
  readonly onChange: (draft: Draft) => void;
  readonly onAuth: (auth: Auth) => void;
  readonly onReset: () => void;
  readonly onSend: () => void;
}

export function CallForm(props: CallFormProps) {
  const { endpoint, draft, auth, authHandlers, gateway, isSending, onChange, onReset, onSend } = props;
  const isRaw = endpoint.kind === "raw" || endpoint.kind === "static";
  const placed = placeRequest(endpoint, partsOf(draft, auth, isRaw), authHandlers);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSend();
  };
  return (
    <form className="call-form" onSubmit={submit} onKeyDown={onKey} aria-label="The call">
      {endpoint.methods.length > 1 && <MethodChoice {...props} />}
      {isRaw ? <RawParts {...props} /> : <RequestParts {...props} />}
      {authHandlers.length > 0 && <AuthParts {...props} />}
      {endpoint.expose && (
        <TextPart
          label="Other headers"
          hint="name: value, one a line"
          value={draft.headers}
          onChange={(headers) => onChange({ ...draft, headers })}
        />
      )}
      <div className="call-buttons">
        <button type="submit" className="primary" disabled={isSending}>
          {isSending ? "Sending" : "Send"}
        </button>
        <button type="button" className="quiet" onClick={onReset}>
          Clear the form
        </button>
        <span className="keys" aria-hidden="true">
          <kbd>ctrl</kbd> <kbd>enter</kbd> send
        </span>
      </div>
      {endpoint.expose && (
        <div className="command">
          <pre>{curlLine(placed, gateway)}</pre>
          <CopyButton text={curlLine(placed, gateway)} what="the curl command" />
        </div>
      )}
    </form>
  );
}

function MethodChoice({ endpoint, draft, onChange }: CallFormProps) {
  const chosen = placeRequest(endpoint, { method: draft.method }).method;
  return (
    <label className="value-scalar">
      <span className="value-label">Method</span>
      <select value={chosen} onChange={(event) => onChange({ ...draft, method: event.target.value as HttpMethod })}>
        {endpoint.methods.map((method) => (
          <option key={method}>{method}</option>
        ))}
      </select>
    </label>
  );
}

function RequestParts({ endpoint, schemas, draft, onChange }: CallFormProps) {
  if (endpoint.request === undefined) return <p className="muted">It takes nothing.</p>;
  const object = resolveSchema(endpoint.request, schemas);
  const properties = object.kind === "object" ? object.properties : [];
  const places = new Map(
    endpoint.fields.map(({ name, in: place, wireName }) => [name, placeWords(place, name, wireName)]),
  );
  const isForm = !draft.asJson && object.kind === "object" && object.index === undefined;
  return (
    <>
      <div className="form-switch">
        <h3>Request</h3>
        <label>
          <input
            type="checkbox"
            checked={draft.asJson}
            onChange={(event) => onChange({ ...draft, asJson: event.target.checked })}
          />
          as JSON
        </label>
      </div>
      {isForm ? (
        <FieldEditors
          properties={properties}
          schemas={schemas}
          value={draft.request}
          onChange={(request) => onChange({ ...draft, request })}
          placeOf={(name) => places.get(name)}
        />
      ) : (
        <JsonEditor
          label="All fields"
          schema={endpoint.request}
          schemas={schemas}
          value={draft.request}
          onChange={(request) => onChange({ ...draft, request: (request ?? {}) as Draft["request"] })}
        />
      )}
    </>
  );
}

function placeWords(place: string, name: string, wireName: string): string {
  return name === wireName ? place : `${place} ${wireName}`;
}

function RawParts({ endpoint, schemas, draft, onChange }: CallFormProps) {
  const parameters = endpoint.path.segments.flatMap((segment) => (segment.kind === "literal" ? [] : [segment.name]));
  const set = (part: Partial<Draft>) => onChange({ ...draft, ...part });
  return (
    <>
      {parameters.length > 0 && (
        <FieldEditors
          properties={parameters.map((name) => ({ name, schema: { kind: "string" }, optional: false }))}
          schemas={schemas}
          value={draft.request}
          onChange={(request) => set({ request })}
          placeOf={() => "path"}
        />
      )}
      <TextPart label="Query" hint="a=1&b=2" rows={1} value={draft.query} onChange={(query) => set({ query })} />
      {endpoint.kind === "raw" && (
        <TextPart label="Body" hint="sent as it is" rows={4} value={draft.body} onChange={(body) => set({ body })} />
      )}
    </>
  );
}

interface TextPartProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly rows?: number;
  readonly onChange: (value: string) => void;
}

function TextPart({ label, hint, value, rows = 1, onChange }: TextPartProps) {
  return (
    <label className="value-scalar">
      <span className="value-label">{label}</span>
      <textarea
        rows={Math.max(rows, value.split("\n").length)}
        value={value}
        placeholder={hint}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

function AuthParts({ endpoint, schemas, authHandlers, auth, onAuth }: CallFormProps) {
  const change = (handler: string, fields: Auth[string]) => {
    const { [handler]: _before, ...others } = auth;
    onAuth(Object.keys(fields).length === 0 ? others : { ...others, [handler]: fields });
  };
  return (
    <details className="auth-parts" open={endpoint.auth}>
      <summary>
        {endpoint.expose ? "Who is asking" : "For whom it is called"}
        {endpoint.auth ? "" : " (optional)"}
      </summary>
      {authHandlers.map((handler) => (
        <div key={handler.name} className="value-parts">
          <FieldEditors
            properties={endpoint.expose ? credentials(handler, schemas) : propertiesOf(handler.data, schemas)}
            schemas={schemas}
            value={auth[handler.name]}
            onChange={(fields) => change(handler.name, fields)}
            placeOf={(name) => (endpoint.expose ? placeIn(handler, name) : undefined)}
          />
        </div>
      ))}
    </details>
  );
}

/** Text each, and each may be left out: which of them an endpoint needs is for its handler to say. */
function credentials(handler: AuthHandler, schemas: Schemas): Property[] {
  const properties = propertiesOf(handler.params, schemas);
  return properties.map((property) => ({ ...property, schema: { kind: "string" }, optional: true }));
}

function propertiesOf(schema: Schema, schemas: Schemas): readonly Property[] {
  const object = resolveSchema(schema, schemas);
  return object.kind === "object" ? object.properties : [];
}

function placeIn({ fields }: AuthHandler, name: string): string | undefined {
  const field = fields.find((one) => one.name === name);
  return field === undefined ? undefined : placeWords(field.in, name, field.wireName);
}
