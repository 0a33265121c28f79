// The frame around every page: name, navigation, what is wrong right now, and the page the address asks for.
import { useEffect, useRef } from "react";
import { useAddress } from "./shell/address.ts";
import { useAppGraph } from "./shell/app-graph.tsx";
import { ConnectionMark } from "./shell/connection-mark.tsx";
import { DiagnosticsBanner } from "./shell/diagnostics-banner.tsx";
import { DisconnectedNotice } from "./shell/disconnected-notice.tsx";
import { Wordmark } from "./shell/icons.tsx";
import { Link } from "./shell/link.tsx";
import { PageFailure } from "./shell/page-failure.tsx";
import { ThemeToggle } from "./shell/theme-toggle.tsx";
import { ExplorerPage } from "./explorer/explorer-page.tsx";
import { ServicesPage } from "./services/services-page.tsx";
import { LettersPage } from "./topics/letters-page.tsx";
import { TopicsPage } from "./topics/topics-page.tsx";
import { TracePage } from "./trace/trace-page.tsx";
import { TracesPage } from "./traces/traces-page.tsx";

export function App() {
  const { pathname } = useAddress();
  const { graph, status } = useAppGraph();
  const main = useRef<HTMLElement>(null);
  const lastPath = useRef(pathname);
  useEffect(() => {
    // A new page is announced by moving the focus to it, as loading a document would.
    if (lastPath.current !== pathname) main.current?.focus({ preventScroll: true });
    lastPath.current = pathname;
  }, [pathname]);
  return (
    <>
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <header className="top">
        <Link href="/traces" className="brand">
          <Wordmark />
          <span>Tenon</span>
        </Link>
        {graph !== undefined && <span className="app-name">{graph.app.id}</span>}
        <nav aria-label="Pages">
          <PageLink href="/traces" word="Traces" pathname={pathname} />
          <PageLink href="/services" word="Services" pathname={pathname} />
          <PageLink href="/topics" word="Topics" pathname={pathname} />
          <PageLink href="/explorer" word="Explorer" pathname={pathname} />
        </nav>
        <ConnectionMark />
        <ThemeToggle />
      </header>
      <main id="page" ref={main} tabIndex={-1}>
        <DisconnectedNotice />
        {status !== undefined && <DiagnosticsBanner status={status} />}
        <PageFailure key={pathname}>
          <Page pathname={pathname} />
        </PageFailure>
      </main>
    </>
  );
}

function PageLink({
  href,
  word,
  pathname,
}: {
  readonly href: string;
  readonly word: string;
  readonly pathname: string;
}) {
  const isCurrent = pathname === href || pathname.startsWith(`${href}/`) || (href === "/traces" && pathname === "/");
  return (
    <Link href={href} aria-current={isCurrent ? "page" : undefined}>
      {word}
    </Link>
  );
}

function Page({ pathname }: { readonly pathname: string }) {
  const traceId = /^\/traces\/([^/]+)$/.exec(pathname)?.[1];
  if (traceId !== undefined) return <TracePage key={traceId} traceId={decodeURIComponent(traceId)} />;
  const subscription = /^\/topics\/([^/]+)\/([^/]+)$/.exec(pathname);
  if (subscription !== null) {
    const [topic, name] = [subscription[1]!, subscription[2]!].map(decodeURIComponent) as [string, string];
    return <LettersPage key={pathname} topic={topic} subscription={name} />;
  }
  if (pathname === "/topics") return <TopicsPage />;
  if (pathname === "/explorer") return <ExplorerPage />;
  if (pathname === "/services") return <ServicesPage />;
  if (pathname === "/" || pathname === "/traces") return <TracesPage />;
  return (
    <div className="empty">
      <h1>There is no page here</h1>
      <p>
        Nothing is at <code>{pathname}</code>. <Link href="/traces">Go to the traces</Link>.
      </p>
    </div>
  );
}
