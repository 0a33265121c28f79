// Fetches again every now and then what no event tells of, while somebody looks.
import { useEffect } from "react";

const PAUSE_MS = 2000;

export function usePolling(refresh: () => void): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") refresh();
    }, PAUSE_MS);
    return () => clearInterval(timer);
  }, [refresh]);
}
