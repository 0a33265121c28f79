// Shown while the dashboard's server is gone: what is on screen is the last that was known.
import { useConnection } from "../server/live-events.ts";

export function DisconnectedNotice() {
  if (useConnection() !== "lost") return null;
  return (
    <div className="notice warning" role="status">
      <strong>Disconnected.</strong> The dashboard's server does not answer, so this page may be out of date. It comes
      back by itself when <code>tenon dev</code> runs again.
    </div>
  );
}
