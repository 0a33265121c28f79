// Lists: items that can be added and removed, and tuples, whose places are fixed.
import type { Schema, TupleItem } from "@tenon/model";
import { useRef } from "react";
import { blankValue } from "./blank-value.ts";
import { EditorGroup, type EditorProps, ValueEditor } from "./value-editor.tsx";

export function ListEditor(props: EditorProps & { readonly items: Schema }) {
  const { items, schemas, value, onChange, label, place, description, optional = false } = props;
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  // Items have no name of their own; one that is removed must not leave its text in its neighbour's input.
  const keys = useRef<number[]>([]);
  const nextKey = useRef(0);
  while (keys.current.length < list.length) keys.current.push(nextKey.current++);
  keys.current.length = list.length;
  const remove = (at: number) => {
    keys.current.splice(at, 1);
    onChange(list.toSpliced(at, 1));
  };
  const frame = { label, ...(place !== undefined && { place }), description };
  return (
    <EditorGroup {...frame} {...(optional && { onRemove: () => onChange(undefined) })}>
      {list.map((item, at) => (
        <ValueEditor
          key={keys.current[at]}
          schema={items}
          schemas={schemas}
          value={item}
          label={`${label}[${at}]`}
          onChange={(next) => onChange(list.with(at, next))}
          onRemove={() => remove(at)}
        />
      ))}
      <button type="button" className="add" onClick={() => onChange([...list, blankValue(items, schemas)])}>
        Add an item<span className="visually-hidden"> to {label}</span>
      </button>
    </EditorGroup>
  );
}

export function TupleEditor(props: EditorProps & { readonly items: readonly TupleItem[] }) {
  const { items, schemas, value, onChange, label, place, description, optional = false } = props;
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  const change = (at: number, next: unknown) => {
    const filled = items.map((_item, index) => (index === at ? next : list[index]));
    while (filled.length > 0 && filled.at(-1) === undefined) filled.pop();
    onChange(filled);
  };
  const frame = { label, ...(place !== undefined && { place }), description };
  return (
    <EditorGroup {...frame} {...(optional && { onRemove: () => onChange(undefined) })}>
      {items.map((item, at) => (
        <ValueEditor
          // biome-ignore lint/suspicious/noArrayIndexKey: the places of a tuple never move
          key={at}
          schema={item.schema}
          schemas={schemas}
          value={list[at]}
          label={item.label ?? `${label}[${at}]`}
          optional={item.optional}
          onChange={(next) => change(at, next)}
        />
      ))}
    </EditorGroup>
  );
}
