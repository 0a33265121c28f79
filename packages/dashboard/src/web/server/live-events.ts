// The server-sent events of the dashboard. Pages take an event as "fetch again": the API stays the one source of what is shown.
import { useEffect, useRef, useSyncExternalStore } from "react";

export type LiveEvent = "trace" | "reload" | "diagnostics";
export type Connection = "connecting" | "live" | "lost";

type Listener = (data: string) => void;

const RETRY_MS = 2000;
const names: readonly LiveEvent[] = ["trace", "reload", "diagnostics"];

class LiveEvents {
  #connection: Connection = "connecting";
  readonly #connectionListeners = new Set<() => void>();
  readonly #listeners: Record<LiveEvent, Set<Listener>> = {
    trace: new Set(),
    reload: new Set(),
    diagnostics: new Set(),
  };

  connect(): void {
    const source = new EventSource("/api/events");
    source.onopen = () => {
      const wasLost = this.#connection === "lost";
      this.#setConnection("live");
      // Whatever happened while we were away: every page fetches again.
      if (wasLost) for (const name of names) this.#emit(name, "");
    };
    source.onerror = () => {
      this.#setConnection("lost");
      // The browser reconnects by itself after a lost connection, but not after an answer that is no event stream.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.connect(), RETRY_MS);
    };
    for (const name of names) {
      source.addEventListener(name, (event) => this.#emit(name, String((event as MessageEvent).data)));
    }
  }

  readonly connection = (): Connection => this.#connection;

  readonly onConnection = (listener: () => void): (() => void) => {
    this.#connectionListeners.add(listener);
    return () => this.#connectionListeners.delete(listener);
  };

  on(name: LiveEvent, listener: Listener): () => void {
    this.#listeners[name].add(listener);
    return () => this.#listeners[name].delete(listener);
  }

  #emit(name: LiveEvent, data: string): void {
    for (const listener of this.#listeners[name]) listener(data);
  }

  #setConnection(connection: Connection): void {
    this.#connection = connection;
    for (const listener of this.#connectionListeners) listener();
  }
}

/** One connection for the whole page; `main.tsx` opens it. */
export const liveEvents = new LiveEvents();

export function useConnection(): Connection {
  return useSyncExternalStore(liveEvents.onConnection, liveEvents.connection);
}

/** Calls `react` on the event, with its data. */
export function useLiveEvent(name: LiveEvent, react: Listener): void {
  const latest = useRef(react);
  useEffect(() => {
    latest.current = react;
  });
  useEffect(() => liveEvents.on(name, (data) => latest.current(data)), [name]);
}
