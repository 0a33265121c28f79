// A link within the dashboard: an ordinary anchor, so that it can be copied and opened in a new tab, that changes the page in place.
import type { AnchorHTMLAttributes, MouseEvent } from "react";
import { goTo, type HistoryNote } from "./address.ts";

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly href: string;
  /** Kept with the new entry of the history. */
  readonly note?: HistoryNote;
  /** Runs before the page changes. */
  readonly onFollow?: () => void;
}

export function Link({ href, note, onFollow, ...anchor }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onFollow?.();
    goTo(href, note);
  };
  return <a {...anchor} href={href} onClick={follow} />;
}
