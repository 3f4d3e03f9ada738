import { useId, useState } from 'react';

import CodeBlock from '../markdown/CodeBlock.jsx';
import { Button, Icon } from '../ui.jsx';

/**
 * The program of an answer: run it as it is, or change it first.
 *
 * @param onRerun `({ program, reason }) => Promise`
 */
export default function ProgramPanel({ program, onRerun }) {
  const [text, setText] = useState(program);
  const [editing, setEditing] = useState(false);
  const [state, setState] = useState({ busy: false, error: '' });
  const id = useId();
  const changed = text !== program;
  const run = async () => {
    setState({ busy: true, error: '' });
    try {
      await onRerun({ program: text, reason: changed ? 'program edited' : 'run again' });
      setState({ busy: false, error: '' });
    } catch (error) {
      setState({ busy: false, error: error.message });
    }
  };
  if (!program.trim()) return <p className="text-sm text-muted">This answer needed no program.</p>;
  const actions = (
    <>
      <Button tone="quiet" className="h-7" onClick={() => setEditing(true)}>
        <Icon name="edit" /> Edit
      </Button>
      <Button tone="quiet" className="h-7" onClick={run} disabled={state.busy}>
        <Icon name="play" /> {state.busy ? 'Running' : 'Run'}
      </Button>
    </>
  );
  return (
    <div className="flex flex-col gap-2">
      {editing ? (
        <>
          <label htmlFor={id} className="engraved">
            Program
          </label>
          <textarea
            id={id}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run();
            }}
            rows={Math.min(20, text.split('\n').length + 2)}
            spellCheck={false}
            className="w-full rounded-md border border-line-strong bg-raised p-3 font-mono text-[0.78rem] leading-5"
          />
          <div className="flex flex-wrap gap-2">
            <Button tone="primary" onClick={run} disabled={state.busy}>
              <Icon name="play" /> {state.busy ? 'Running' : 'Run'}
            </Button>
            <Button
              onClick={() => {
                setText(program);
                setEditing(false);
                setState({ busy: false, error: '' });
              }}
            >
              {changed ? 'Undo the changes' : 'Close the editor'}
            </Button>
          </div>
        </>
      ) : (
        <CodeBlock lang="havoc" text={text.trim()} actions={actions} />
      )}
      {state.error && (
        <p
          role="alert"
          className="rounded-md bg-bad-soft px-3 py-2 font-mono text-xs whitespace-pre-wrap text-bad"
        >
          {state.error}
        </p>
      )}
    </div>
  );
}
