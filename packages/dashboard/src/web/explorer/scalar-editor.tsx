// One input for one scalar. Text that is no value of the type is sent as it was typed: the app says what is wrong with it.
import type { Schema } from "@tenon/model";
import type { EditorProps } from "./value-editor.tsx";

const placeholders: Readonly<Partial<Record<Schema["kind"], string>>> = {
  date: "2026-01-31T12:00:00Z",
  bigint: "0",
  decimal: "0.00",
  number: "0",
  bytes: "base64",
  url: "https://example.com/",
};

export function ScalarEditor(props: EditorProps) {
  const { label, place, description, onRemove } = props;
  return (
    <div className="value-scalar">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the control is the child */}
      <label>
        <span className="value-label">
          <span>{label}</span> {place !== undefined && <span className="place">{place}</span>}{" "}
          <span className="muted">{kindWords(props.schema, props.optional === true)}</span>
        </span>
        <Control {...props} />
      </label>
      {onRemove !== undefined && (
        <button type="button" className="as-link" onClick={onRemove}>
          Remove<span className="visually-hidden"> {label}</span>
        </button>
      )}
      {description !== undefined && <p className="value-description">{description}</p>}
    </div>
  );
}

function Control({ schema, value, onChange, optional = false }: EditorProps) {
  const choices = choicesOf(schema);
  if (choices !== null) {
    const index = choices.indexOf(value as never);
    return (
      <select
        value={index < 0 ? "" : String(index)}
        onChange={(event) => onChange(event.target.value === "" ? undefined : choices[Number(event.target.value)])}
      >
        {(optional || index < 0) && <option value="">left out</option>}
        {choices.map((choice, at) => (
          <option key={String(choice)} value={String(at)}>
            {String(choice)}
          </option>
        ))}
      </select>
    );
  }
  const isNumber = schema.kind === "number";
  return (
    <input
      value={value === undefined ? "" : String(value)}
      placeholder={optional ? "left out" : (placeholders[schema.kind] ?? "")}
      inputMode={isNumber ? "decimal" : "text"}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(typed(event.target.value, schema, optional))}
    />
  );
}

/** null: any text. */
function choicesOf(schema: Schema): readonly (string | number | boolean | null)[] | null {
  switch (schema.kind) {
    case "boolean":
      return [true, false];
    case "literal":
    case "bigint-literal":
      return [schema.value];
    case "enum":
      return schema.values;
    case "null":
      return [null];
    default:
      return null;
  }
}

function typed(text: string, schema: Schema, optional: boolean): unknown {
  if (text === "" && (optional || schema.kind === "number")) return undefined;
  const isNumber = schema.kind === "number" && /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text);
  // "1." is on its way to "1.5": as a number its point would vanish under the fingers.
  return isNumber && String(Number(text)) === text ? Number(text) : text;
}

function kindWords(schema: Schema, optional: boolean): string {
  const word = schema.kind === "string" ? (schema.template ?? "string") : schema.kind === "enum" ? "" : schema.kind;
  return [word, optional ? "optional" : ""].filter((part) => part !== "").join(", ");
}
