// Fetches what a page shows and fetches it again on request. While a newer answer is on its way the older one stays on screen.
import { useCallback, useEffect, useRef, useState } from "react";

export interface Fetched<T> {
  /** The newest answer; undefined before the first. */
  readonly value: T | undefined;
  /** Why the newest request failed; undefined once one succeeds. */
  readonly failure: Error | undefined;
  /** Fetches again soon; calls in quick succession become one request. */
  readonly refresh: () => void;
}

const GATHER_MS = 150;

/** `load` is run when `key` changes, so it may only depend on what the key names. */
export function useFetched<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Fetched<T> {
  const [value, setValue] = useState<T>();
  const [failure, setFailure] = useState<Error>();
  const latestLoad = useRef(load);
  latestLoad.current = load;
  const running = useRef<AbortController>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const fetchNow = useCallback(() => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const settle = (next: T | undefined, error: Error | undefined) => {
      if (controller.signal.aborted) return;
      running.current = undefined;
      if (error === undefined) setValue(next);
      setFailure(error);
    };
    latestLoad.current(controller.signal).then(
      (next) => settle(next, undefined),
      (error: unknown) => settle(undefined, error instanceof Error ? error : new Error(String(error))),
    );
  }, []);

  const refresh = useCallback(() => {
    const fetchWhenFree = () => {
      // A slow answer is waited for: aborting it on every event would show nothing for as long as events keep coming.
      timer.current = running.current === undefined ? undefined : setTimeout(fetchWhenFree, GATHER_MS);
      if (timer.current === undefined) fetchNow();
    };
    timer.current ??= setTimeout(fetchWhenFree, GATHER_MS);
  }, [fetchNow]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when what `load` does has changed
  useEffect(() => {
    fetchNow();
    return () => {
      running.current?.abort();
      running.current = undefined;
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [key, fetchNow]);

  return { value, failure, refresh };
}
