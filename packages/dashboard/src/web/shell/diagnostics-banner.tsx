// What the compiler has against the last edit, on every page, for as long as it stands. The app goes on serving the last good version.
import { useState } from "react";
import type { AppStatus } from "../server/api.ts";
import { ErrorIcon } from "./icons.tsx";

type Problem = AppStatus["diagnostics"][number];

const SHOWN_AT_FIRST = 3;

/** What the problems mean for the app; type errors alone, for one, do not stop it. */
const consequences: Readonly<Record<AppStatus["state"], string>> = {
  starting: "",
  running: "The app runs all the same.",
  reloading: "",
  broken: "Serving the last good version.",
  failed: "Nothing is served until it is mended.",
};

export function DiagnosticsBanner({ status }: { readonly status: AppStatus }) {
  const { diagnostics } = status;
  const [showsAll, setShowsAll] = useState(false);
  if (diagnostics.length === 0) return null;
  const errors = diagnostics.filter((problem) => problem.severity === "error");
  const inOrder = [...errors, ...diagnostics.filter((problem) => problem.severity !== "error")];
  const shown = showsAll ? inOrder : inOrder.slice(0, SHOWN_AT_FIRST);
  return (
    <section
      className={`diagnostics ${errors.length > 0 ? "broken" : "warned"}`}
      aria-label="Problems in the last edit"
    >
      <p className="diagnostics-title" role="status">
        <ErrorIcon />
        {errors.length > 0 ? (
          <span>
            <strong>The last edit has {count(errors.length, "error")}.</strong> {consequences[status.state]}
          </span>
        ) : (
          <strong>The last edit has {count(diagnostics.length, "warning")}.</strong>
        )}
      </p>
      <ol>
        {shown.map((problem) => (
          <Problem
            key={`${problem.file}:${problem.line}:${problem.column}:${problem.code}:${problem.message}`}
            problem={problem}
          />
        ))}
      </ol>
      {inOrder.length > SHOWN_AT_FIRST && (
        <button type="button" className="quiet" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? "Show fewer" : `Show ${inOrder.length - SHOWN_AT_FIRST} more`}
        </button>
      )}
    </section>
  );
}

function Problem({ problem }: { readonly problem: Problem }) {
  return (
    <li>
      <p className="problem-place">
        {problem.file !== "" && (
          <code>
            {problem.file}:{problem.line}:{problem.column}
          </code>
        )}
        <span className="problem-code">{problem.code}</span>
      </p>
      <p className="problem-message">{problem.message}</p>
      {problem.frame !== undefined && <pre>{problem.frame}</pre>}
      {problem.hint !== undefined && <p className="problem-hint">{problem.hint}</p>}
    </li>
  );
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
