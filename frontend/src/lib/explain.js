/** What went wrong, and what to do about it, in words. */

/** The same in one text, for places without buttons: what happened and what to do. */
export function explained(error) {
  if (!['unreachable', 'unavailable', 'busy', 'unauthorized'].includes(error.code) && error.status !== 401) return error.message; // prettier-ignore
  const { title, help } = explain(error);
  return help.startsWith(title) ? help : `${title}. ${help}`;
}

/** What to tell, and what can be done, where an answer did not come. */
export function explain(error, serverUrl = '') {
  const where = serverUrl || 'this address';
  const known = {
    unreachable: {
      title: 'The server cannot be reached',
      help: `Nothing answers at ${where}. Check that it runs (havoc serve) and the network, then retry.`,
      actions: ['retry', 'settings'],
    },
    unavailable: {
      title: 'The server cannot answer yet',
      help: error.message,
      actions: ['retry'],
    },
    busy: {
      title: 'The server is busy',
      help: `${error.message} Nothing is lost: retry in a moment.`,
      actions: ['retry'],
    },
    too_large: { title: 'Too much data', help: error.message, actions: ['edit'] },
    bad_input: {
      title: 'This cannot be computed as it is asked',
      help: error.message,
      actions: ['edit'],
    },
    invalid_request: {
      title: 'The server refuses this request',
      help: error.message,
      actions: ['edit'],
    },
    forbidden: {
      title: 'The key does not allow this',
      help: error.message,
      actions: ['settings', 'retry'],
    },
    unknown_host: {
      title: 'The server does not answer at this address',
      help: error.message,
      actions: ['settings'],
    },
    unauthorized: {
      title: 'The server asks for a key',
      help: 'Enter it in Settings; it is kept until this tab is closed.',
      actions: ['settings', 'retry'],
    },
  };
  const code = error.status === 401 ? 'unauthorized' : error.code;
  return (
    known[code] ?? {
      title: 'No answer',
      help: `${error.message} Retry; if it stays, the server's log says more.`,
      actions: ['retry'],
    }
  );
}
