import { Component } from 'react';

import { Button } from './ui.jsx';

/** What failed is named and stays small: the rest of the page goes on. */
export default class ErrorBoundary extends Component {
  state = { error: null };

  static getDerivedStateFromError(error) {
    return { error };
  }

  render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div
        role="alert"
        className="m-3 flex flex-col items-start gap-2 rounded-md bg-bad-soft p-3 text-sm text-bad"
      >
        <p className="font-semibold">
          {this.props.what ?? 'This part of the page'} could not be shown.
        </p>
        <p className="font-mono text-xs [overflow-wrap:anywhere]">
          {String(error.message ?? error)}
        </p>
        <p>Conversations and worksheets are kept in this browser; a reload loses nothing.</p>
        <div className="flex gap-2">
          <Button onClick={() => this.setState({ error: null })}>Try again</Button>
          <Button onClick={() => window.location.reload()}>Reload the page</Button>
        </div>
      </div>
    );
  }
}
