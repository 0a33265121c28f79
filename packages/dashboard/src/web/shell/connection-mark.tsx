// Says whether what is on screen follows the running app.
import { useConnection } from "../server/live-events.ts";

const words = { connecting: "Connecting", live: "Live", lost: "Disconnected" } as const;

export function ConnectionMark() {
  const connection = useConnection();
  return (
    <span className={`connection ${connection}`} role="status">
      <span className="connection-dot" aria-hidden="true" />
      {words[connection]}
    </span>
  );
}
