import { Component, type ReactNode } from "react";

interface ErrorBoundaryProps {
  onError(error: Error): void;
  readonly children: ReactNode;
}

/** Draws nothing any more once something below it threw, and hands the error on. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: Error): void {
    this.props.onError(error);
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}
