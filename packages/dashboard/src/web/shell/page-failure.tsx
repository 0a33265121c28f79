// Catches a page that cannot be drawn and says so in its place; navigation and the other pages go on working.
import { Component, type ReactNode } from "react";

interface PageFailureProps {
  readonly children: ReactNode;
}

export class PageFailure extends Component<PageFailureProps, { readonly error: Error | undefined }> {
  override readonly state: { readonly error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <p className="notice error" role="alert">
        This page could not be drawn: {error.message}. That is a fault of the dashboard; the data is also at{" "}
        <code>/api</code> and in <code>tenon trace list</code>.
      </p>
    );
  }
}
