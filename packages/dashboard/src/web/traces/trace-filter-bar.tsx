// The filters above the list. Choices apply at once, typed ones after a short pause.
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useServiceNames } from "../shell/app-graph.tsx";
import { isFiltered, noFilters, type SincePeriod, type TraceFilters } from "./filters.ts";

interface TraceFilterBarProps {
  readonly filters: TraceFilters;
  readonly onChange: (filters: TraceFilters) => void;
}

const sinceWords: Readonly<Record<SincePeriod, string>> = {
  "1m": "Last minute",
  "15m": "Last 15 minutes",
  "1h": "Last hour",
  "24h": "Last 24 hours",
};

export function TraceFilterBar({ filters, onChange }: TraceFilterBarProps) {
  const services = useServiceNames();
  const set = (part: Partial<TraceFilters>) => onChange({ ...filters, ...part });
  // The filtered-for service stays in the list although the app may no longer have it.
  const known =
    filters.service === "" || services.includes(filters.service) ? services : [...services, filters.service];
  return (
    <search className="filters" aria-label="Filter traces">
      <Field word="Service">
        <select value={filters.service} onChange={(event) => set({ service: event.target.value })}>
          <option value="">All services</option>
          {known.map((service) => (
            <option key={service}>{service}</option>
          ))}
        </select>
      </Field>
      <Field word="Endpoint">
        <TypedInput
          value={filters.endpoint}
          onSettle={(endpoint) => set({ endpoint })}
          placeholder="name or path"
          shortcut="/"
        />
      </Field>
      <Field word="Status">
        <select
          value={filters.status}
          onChange={(event) => set({ status: event.target.value as TraceFilters["status"] })}
        >
          <option value="">Any status</option>
          <option value="ok">Succeeded</option>
          <option value="error">Failed</option>
        </select>
      </Field>
      <Field word="At least, ms">
        <TypedInput
          value={filters.minDurationMs}
          onSettle={(minDurationMs) => set({ minDurationMs })}
          placeholder="0"
          decimal
        />
      </Field>
      <Field word="Since">
        <SinceChoice since={filters.since} onChoose={(since) => set({ since })} />
      </Field>
      {isFiltered(filters) && (
        <button type="button" className="quiet clear-filters" onClick={() => onChange(noFilters)}>
          Clear filters
        </button>
      )}
    </search>
  );
}

interface SinceChoiceProps {
  readonly since: TraceFilters["since"];
  readonly onChoose: (since: TraceFilters["since"]) => void;
}

function SinceChoice({ since, onChoose }: SinceChoiceProps) {
  return (
    <select value={since} onChange={(event) => onChoose(event.target.value as TraceFilters["since"])}>
      <option value="">Any time</option>
      {Object.entries(sinceWords).map(([period, words]) => (
        <option key={period} value={period}>
          {words}
        </option>
      ))}
    </select>
  );
}

function Field({ word, children }: { readonly word: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="field">
      <span>{word}</span>
      {children}
    </label>
  );
}

interface TypedInputProps {
  readonly value: string;
  readonly onSettle: (value: string) => void;
  readonly placeholder: string;
  readonly decimal?: boolean;
  /** A key that moves the focus here from anywhere but another field. */
  readonly shortcut?: string;
}

const SETTLE_MS = 250;

function TypedInput({ value, onSettle, placeholder, decimal = false, shortcut }: TypedInputProps) {
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const settle = useRef(onSettle);
  settle.current = onSettle;
  useEffect(() => setTyped(value), [value]);
  const isUsable = !decimal || typed === "" || /^\d+(\.\d+)?$/.test(typed);
  useEffect(() => {
    if (typed === value || !isUsable) return;
    const timer = setTimeout(() => settle.current(typed), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [typed, value, isUsable]);
  useEffect(() => {
    if (shortcut === undefined) return;
    const focus = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.matches("input, select, textarea");
      if (event.key !== shortcut || isTyping || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener("keydown", focus);
    return () => window.removeEventListener("keydown", focus);
  }, [shortcut]);
  return (
    <input
      ref={input}
      value={typed}
      placeholder={placeholder}
      inputMode={decimal ? "decimal" : "text"}
      aria-invalid={!isUsable}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
