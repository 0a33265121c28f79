// An endpoint's row and, unfolded, the row below it with what goes in and what comes out.
import type { Endpoint, Schema, Schemas } from "@tenon/model";
import { useId, useState } from "react";
import { ChevronIcon } from "../shell/icons.tsx";
import { Link } from "../shell/link.tsx";
import { schemaText } from "./schema-text.ts";

interface EndpointRowsProps {
  readonly service: string;
  readonly endpoint: Endpoint;
  readonly schemas: Schemas;
}

export function EndpointRows({ service, endpoint, schemas }: EndpointRowsProps) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const { location } = endpoint;
  return (
    <>
      <tr className={isOpen ? "endpoint open" : "endpoint"}>
        <td>
          <button
            type="button"
            className="unfold"
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setIsOpen(!isOpen)}
          >
            <ChevronIcon />
            {endpoint.name}
          </button>
        </td>
        <td className="route">
          <span className="method">{endpoint.methods.join(" ")}</span>{" "}
          <span className="path">{endpoint.path.pattern}</span>
        </td>
        <td>
          <span className={endpoint.expose ? "access public" : "access private"}>
            {endpoint.expose ? "public" : "private"}
          </span>
          {endpoint.auth && <span className="access auth">auth</span>}
        </td>
        <td className="source">
          <code>
            {location.file}:{location.line}
          </code>
        </td>
      </tr>
      {isOpen && (
        <tr className="contract">
          <td colSpan={4} id={id}>
            <Contract service={service} endpoint={endpoint} schemas={schemas} />
          </td>
        </tr>
      )}
    </>
  );
}

/** What goes in and what comes out. */
function Contract({ service, endpoint, schemas }: EndpointRowsProps) {
  return (
    <>
      {endpoint.description !== undefined && <p>{endpoint.description}</p>}
      <div className="contract-sides">
        <SchemaBlock word="Request" nothing="Takes nothing." schema={endpoint.request} schemas={schemas} />
        <SchemaBlock word="Response" nothing="Returns nothing." schema={endpoint.response} schemas={schemas} />
      </div>
      <p className="contract-links">
        <Link href={`/explorer?endpoint=${encodeURIComponent(`${service}.${endpoint.name}`)}`}>
          Call {service}.{endpoint.name}
        </Link>
        <Link href={`/traces?endpoint=${encodeURIComponent(`${service}.${endpoint.name}`)}`}>
          Traces of {service}.{endpoint.name}
        </Link>
      </p>
    </>
  );
}

interface SchemaBlockProps {
  readonly word: string;
  readonly nothing: string;
  readonly schema: Schema | undefined;
  readonly schemas: Schemas;
}

function SchemaBlock({ word, nothing, schema, schemas }: SchemaBlockProps) {
  return (
    <div>
      <h3>{word}</h3>
      {schema === undefined ? <p className="muted">{nothing}</p> : <pre>{schemaText(schema, schemas)}</pre>}
    </div>
  );
}
