// Starts the dashboard in the browser.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { liveEvents } from "./server/live-events.ts";
import { AppGraphProvider } from "./shell/app-graph.tsx";
import "./styles/index.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
liveEvents.connect();
createRoot(root).render(
  <StrictMode>
    <AppGraphProvider>
      <App />
    </AppGraphProvider>
  </StrictMode>,
);
