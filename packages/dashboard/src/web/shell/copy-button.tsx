// Copies a text to the clipboard and says so for a moment.
import { useEffect, useState } from "react";
import { CopyIcon, DoneIcon } from "./icons.tsx";

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for the button's name: "trace id". */
  readonly what: string;
}

const SHOWN_MS = 1500;

export function CopyButton({ text, what }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<"none" | "copied" | "refused">("none");
  useEffect(() => {
    if (outcome === "none") return;
    const timer = setTimeout(() => setOutcome("none"), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setOutcome("copied"),
      () => setOutcome("refused"),
    );
  const words = { none: `Copy ${what}`, copied: "Copied", refused: "The browser refused to copy" };
  return (
    <button type="button" className="quiet copy" onClick={copy} title={words[outcome]}>
      {outcome === "copied" ? <DoneIcon /> : <CopyIcon />}
      <span className="visually-hidden" role="status">
        {words[outcome]}
      </span>
    </button>
  );
}
