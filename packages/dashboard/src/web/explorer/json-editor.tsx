// A value as JSON text. What is no JSON yet stays in the text area and is not passed on.
import { useEffect, useId, useRef, useState } from "react";
import type { EditorProps } from "./value-editor.tsx";

export function JsonEditor({ label, place, description, value, onChange, optional = false, onRemove }: EditorProps) {
  const [text, setText] = useState(() => jsonText(value));
  const [problem, setProblem] = useState<string>();
  const passedOn = useRef(value);
  const id = useId();
  useEffect(() => {
    // Changed by somebody else.
    if (passedOn.current === value) return;
    passedOn.current = value;
    setText(jsonText(value));
    setProblem(undefined);
  }, [value]);
  const change = (next: string) => {
    setText(next);
    try {
      const parsed: unknown = next.trim() === "" ? undefined : JSON.parse(next);
      setProblem(undefined);
      passedOn.current = parsed;
      onChange(parsed);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <div className="value-scalar">
      <label>
        <span className="value-label">
          <span>{label}</span> {place !== undefined && <span className="place">{place}</span>}{" "}
          <span className="muted">JSON{optional ? ", optional" : ""}</span>
        </span>
        <textarea
          value={text}
          rows={Math.min(20, Math.max(2, text.split("\n").length))}
          spellCheck={false}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : id}
          onChange={(event) => change(event.target.value)}
        />
      </label>
      {onRemove !== undefined && (
        <button type="button" className="as-link" onClick={onRemove}>
          Remove<span className="visually-hidden"> {label}</span>
        </button>
      )}
      {problem !== undefined && (
        <p className="value-problem" id={id}>
          Not JSON yet: {problem}
        </p>
      )}
      {description !== undefined && <p className="value-description">{description}</p>}
    </div>
  );
}

function jsonText(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}
