// Which page is shown, read from and written to the browser's address. A few lines of the History API instead of a router.
import { useSyncExternalStore } from "react";

/** What an entry of the browser's history remembers besides its address. */
export interface HistoryNote {
  /** The trace that was opened from this list: its row gets the focus back. */
  readonly openedTraceId?: string;
  /** The entry before this one is the trace list. */
  readonly fromList?: boolean;
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

const current = () => window.location.pathname + window.location.search;

/** Path and query of the page, kept up to date. */
export function useAddress(): URL {
  return new URL(useSyncExternalStore(subscribe, current), window.location.origin);
}

export function historyNote(): HistoryNote {
  return (window.history.state ?? {}) as HistoryNote;
}

/** Goes to a page; the browser's Back returns to this one. */
export function goTo(address: string, note: HistoryNote = {}): void {
  window.history.pushState(note, "", address);
  window.scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** Changes the address of the page that is shown, without a step in the history. */
export function replaceAddress(address: string, note: HistoryNote = historyNote()): void {
  window.history.replaceState(note, "", address);
  for (const listener of listeners) listener();
}
