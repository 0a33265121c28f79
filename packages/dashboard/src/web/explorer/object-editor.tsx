// The fields of an object, each with an editor of its own.
import type { ObjectSchema, Property, Schemas } from "@tenon/model";
import { EditorGroup, type EditorProps, ValueEditor } from "./value-editor.tsx";

export function ObjectEditor(props: Omit<EditorProps, "schema"> & { readonly schema: ObjectSchema }) {
  const { schema, schemas, value, onChange, label, place, description, optional = false, onRemove } = props;
  const remove = onRemove ?? (optional ? () => onChange(undefined) : undefined);
  const frame = {
    label,
    ...(place !== undefined && { place }),
    description,
    ...(remove !== undefined && { onRemove: remove }),
  };
  return (
    <EditorGroup {...frame}>
      <FieldEditors properties={schema.properties} schemas={schemas} value={value} onChange={onChange} />
    </EditorGroup>
  );
}

interface FieldEditorsProps {
  readonly properties: readonly Property[];
  readonly schemas: Schemas;
  readonly value: unknown;
  readonly onChange: (value: Record<string, unknown>) => void;
  /** Where a field travels. */
  readonly placeOf?: (name: string) => string | undefined;
}

export function FieldEditors({ properties, schemas, value, onChange, placeOf }: FieldEditorsProps) {
  const own = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const change = (name: string, next: unknown) => {
    const { [name]: _before, ...others } = own;
    onChange(next === undefined ? others : { ...own, [name]: next });
  };
  if (properties.length === 0) return <p className="muted">It has no fields.</p>;
  return properties.map(({ name, schema, optional, description }) => {
    const place = placeOf?.(name);
    return (
      <ValueEditor
        key={name}
        schema={schema}
        schemas={schemas}
        value={own[name]}
        label={name}
        optional={optional}
        description={description}
        {...(place !== undefined && { place })}
        onChange={(next) => change(name, next)}
      />
    );
  });
}
