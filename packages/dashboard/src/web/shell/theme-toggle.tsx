// Light, dark, or as the system says; the choice is kept in this browser. index.html applies it before the first paint.
import { useState } from "react";
import { MoonIcon, SunIcon, SystemIcon } from "./icons.tsx";

type Theme = "system" | "light" | "dark";

const STORAGE_KEY = "tenon-theme";
const next: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const icons = { system: SystemIcon, light: SunIcon, dark: MoonIcon };

export function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>(
    () => (document.documentElement.dataset["theme"] as Theme | undefined) ?? "system",
  );
  const change = () => {
    const chosen = next[theme];
    setTheme(chosen);
    if (chosen === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = chosen;
    try {
      localStorage.setItem(STORAGE_KEY, chosen);
    } catch {
      // Storage is blocked: the choice lasts until the page is left.
    }
  };
  const Shown = icons[theme];
  return (
    <button
      type="button"
      className="quiet theme-toggle"
      onClick={change}
      title={`Theme: ${theme}. Change to ${next[theme]}.`}
    >
      <Shown />
      <span className="visually-hidden">{`Theme: ${theme}. Change to ${next[theme]}.`}</span>
    </button>
  );
}
