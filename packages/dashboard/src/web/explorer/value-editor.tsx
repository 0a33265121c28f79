// An editor for a value of any schema: inputs for scalars, nested fields for objects, lists, and a choice for unions. What a form cannot
// show well is edited as JSON. Values are JSON as it travels; undefined is left out.
import { resolveSchema, type Schema, type Schemas } from "@tenon/model";
import { type ReactNode, useId, useState } from "react";
import { schemaText } from "../services/schema-text.ts";
import { blankValue, optionOf } from "./blank-value.ts";
import { JsonEditor } from "./json-editor.tsx";
import { ListEditor, TupleEditor } from "./list-editor.tsx";
import { FieldEditors, ObjectEditor } from "./object-editor.tsx";
import { ScalarEditor } from "./scalar-editor.tsx";

export interface EditorProps {
  readonly schema: Schema;
  readonly schemas: Schemas;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** Words above the editor. */
  readonly label: string;
  /** Beside the label: where the field travels. */
  readonly place?: string;
  readonly description?: string | undefined;
  readonly optional?: boolean;
  /** What is removed with the value, by a button beside the label. */
  readonly onRemove?: () => void;
}

const scalarKinds: ReadonlySet<Schema["kind"]> = new Set([
  "string",
  "number",
  "boolean",
  "bigint",
  "decimal",
  "date",
  "bytes",
  "url",
  "literal",
  "bigint-literal",
  "enum",
  "null",
]);

export function ValueEditor(props: EditorProps) {
  const { schema, schemas, value, optional = false } = props;
  const resolved = useResolved(schema, schemas);
  if (scalarKinds.has(resolved.kind)) return <ScalarEditor {...props} schema={resolved} />;
  // A type may contain itself: what is left out is shown only once it is asked for.
  if (value === undefined) return optional ? <LeftOut {...props} /> : <JsonEditor {...props} />;
  switch (resolved.kind) {
    case "object":
      return resolved.index === undefined ? <ObjectEditor {...props} schema={resolved} /> : <JsonEditor {...props} />;
    case "array":
    case "set":
      return <ListEditor {...props} items={resolved.items} />;
    case "tuple":
      return resolved.rest === undefined && resolved.suffix === undefined ? (
        <TupleEditor {...props} items={resolved.items} />
      ) : (
        <JsonEditor {...props} />
      );
    case "union":
      return <UnionEditor {...props} options={resolved.options} />;
    default:
      return <JsonEditor {...props} />;
  }
}

/** A union of one option and undefined, or of literals, is shown as what it is. */
function useResolved(schema: Schema, schemas: Schemas) {
  const resolved = resolveSchema(schema, schemas);
  if (resolved.kind !== "union") return resolved;
  const options = resolved.options.filter(({ kind }) => kind !== "undefined");
  if (options.length === 1) return resolveSchema(options[0]!, schemas);
  const literals = options.flatMap((option) => {
    if (option.kind === "literal" && typeof option.value !== "boolean") return [option.value];
    return option.kind === "enum" ? option.values : [];
  });
  const isChoice = options.every(({ kind }) => kind === "literal" || kind === "enum") && literals.length > 0;
  return isChoice ? ({ kind: "enum", values: literals } as const) : { ...resolved, options };
}

/** The frame of an editor with parts. */
export function EditorGroup({
  label,
  place,
  description,
  onRemove,
  extra,
  children,
}: Pick<EditorProps, "label" | "place" | "description" | "onRemove"> & {
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot stand in a line with buttons
    <div className="value-group" role="group" aria-labelledby={id}>
      <div className="value-label">
        <span id={id}>{label}</span>
        {place !== undefined && <span className="place">{place}</span>}
        {extra}
        {onRemove !== undefined && (
          <button type="button" className="as-link" onClick={onRemove}>
            Remove<span className="visually-hidden"> {label}</span>
          </button>
        )}
      </div>
      {description !== undefined && <p className="value-description">{description}</p>}
      <div className="value-parts">{children}</div>
    </div>
  );
}

function LeftOut({ label, place, description, schema, schemas, onChange }: EditorProps) {
  return (
    <div className="value-group">
      <div className="value-label">
        <span>{label}</span>
        {place !== undefined && <span className="place">{place}</span>}
        <span className="muted">left out</span>
        <button type="button" className="as-link" onClick={() => onChange(blankValue(schema, schemas))}>
          Add<span className="visually-hidden"> {label}</span>
        </button>
      </div>
      {description !== undefined && <p className="value-description">{description}</p>}
    </div>
  );
}

function UnionEditor(props: EditorProps & { readonly options: readonly Schema[] }) {
  const { options, schemas, value, onChange, label, place, description, optional = false } = props;
  const [chosen, setChosen] = useState(() => optionOf(value, options, schemas));
  const option = options[Math.min(chosen, options.length - 1)] ?? ({ kind: "any" } as const);
  const choose = (index: number) => {
    setChosen(index);
    onChange(blankValue(options[index]!, schemas));
  };
  const choice = (
    <select aria-label={`Kind of ${label}`} value={chosen} onChange={(event) => choose(Number(event.target.value))}>
      {options.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: options of a type have no other name and never move
        <option key={index} value={index}>
          {shortText(one, schemas)}
        </option>
      ))}
    </select>
  );
  const frame = { label, ...(place !== undefined && { place }), description };
  return (
    <EditorGroup {...frame} extra={choice} {...(optional && { onRemove: () => onChange(undefined) })}>
      <OptionEditor key={chosen} option={option} schemas={schemas} value={value} onChange={onChange} />
    </EditorGroup>
  );
}

type OptionProps = Pick<EditorProps, "schemas" | "value" | "onChange"> & { readonly option: Schema };

/** What is left to say once the option is chosen: of a literal nothing, of an object its fields. */
function OptionEditor({ option, schemas, value, onChange }: OptionProps) {
  const resolved = resolveSchema(option, schemas);
  if (["null", "literal", "bigint-literal"].includes(resolved.kind)) return null;
  if (resolved.kind === "object" && resolved.index === undefined) {
    return <FieldEditors properties={resolved.properties} schemas={schemas} value={value} onChange={onChange} />;
  }
  return <ValueEditor schema={option} schemas={schemas} value={value} onChange={onChange} label="value" />;
}

/** A name, or the first words of the type. */
function shortText(schema: Schema, schemas: Schemas): string {
  if (schema.kind === "ref") return schema.name;
  const text = schemaText(schema, schemas).split("\n\n")[0]!.replaceAll(/\s+/g, " ");
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
