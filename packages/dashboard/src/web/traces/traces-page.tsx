// The list of traces: newest first, following the app live, filtered by what the address says.
import { useEffect, useState } from "react";
import { fetchTraces } from "../server/api.ts";
import { useLiveEvent } from "../server/live-events.ts";
import { useFetched } from "../server/use-fetched.ts";
import { replaceAddress, useAddress } from "../shell/address.ts";
import { EmptyTraces } from "./empty-traces.tsx";
import {
  filtersFromQuery,
  filtersToApiQuery,
  filtersToQuery,
  isFiltered,
  noFilters,
  type TraceFilters,
} from "./filters.ts";
import { TraceFilterBar } from "./trace-filter-bar.tsx";
import { TraceList } from "./trace-list.tsx";

const PAGE_SIZE = 100;
/** The most that the API gives at once. */
const MOST = 1000;

export function TracesPage() {
  const address = useAddress();
  const filters = filtersFromQuery(address.search);
  const [limit, setLimit] = useState(PAGE_SIZE);
  const key = `${filtersToQuery(filters)} ${limit}`;
  const traces = useFetched(key, (signal) => fetchTraces(filtersToApiQuery(filters, limit, Date.now()), signal));
  useLiveEvent("trace", traces.refresh);
  useEffect(() => {
    document.title = "Traces · Tenon";
  }, []);
  const change = (next: TraceFilters) => {
    setLimit(PAGE_SIZE);
    replaceAddress(`/traces${filtersToQuery(next)}`);
  };
  const list = traces.value;
  return (
    <>
      <div className="page-head">
        <h1>Traces</h1>
        <p className="keys" aria-hidden="true">
          <span>
            <kbd>j</kbd> <kbd>k</kbd> move
          </span>
          <span>
            <kbd>enter</kbd> open
          </span>
          <span>
            <kbd>/</kbd> filter
          </span>
        </p>
      </div>
      <TraceFilterBar filters={filters} onChange={change} />
      {traces.failure !== undefined && (
        <p className="notice error" role="alert">
          The traces could not be fetched: {traces.failure.message}
        </p>
      )}
      {list === undefined && traces.failure === undefined && <LoadingRows />}
      {list?.length === 0 && <EmptyTraces filtered={isFiltered(filters)} onClear={() => change(noFilters)} />}
      {list !== undefined && list.length > 0 && <TraceList traces={list} />}
      {list?.length === limit && limit < MOST && (
        <p className="more">
          <button type="button" onClick={() => setLimit(limit + PAGE_SIZE)}>
            Show older traces
          </button>
        </p>
      )}
    </>
  );
}

function LoadingRows() {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">Loading traces</span>
      {["a", "b", "c", "d", "e", "f"].map((row) => (
        <div key={row} className="loading-row" />
      ))}
    </div>
  );
}
