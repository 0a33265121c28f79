// j and k, or the arrow keys, move the focus through a list of links; Enter is the link's own. Fields keep their keys.

const steps: Readonly<Record<string, 1 | -1>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** Listens on the whole page; returns how to stop. */
export function moveWithKeys(links: () => readonly HTMLElement[]): () => void {
  const move = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.matches("input, select, textarea")) return;
    const all = links();
    const at = all.indexOf(document.activeElement as HTMLElement);
    // Arrow keys scroll the page as ever until the focus is in the list.
    if (at < 0 && event.key.startsWith("Arrow")) return;
    const next = all[at < 0 ? 0 : at + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  window.addEventListener("keydown", move);
  return () => window.removeEventListener("keydown", move);
}
