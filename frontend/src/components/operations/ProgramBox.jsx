/** The program a form writes, live; edited by hand it leaves the form behind until one goes back. */
import { useId, useState } from 'react';

import { copyText } from '../../lib/exporting.js';
import { Badge, Button, Icon } from '../ui.jsx';

export default function ProgramBox({ program, manual, onEdit, onForm }) {
  const id = useId();
  const [copied, setCopied] = useState('');
  const copy = async () =>
    setCopied((await copyText(program)) ? 'Copied' : 'The browser refuses to copy');
  return (
    <section className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor={id} className="engraved">
          Program
        </label>
        {manual && <Badge tone="accent">edited by hand</Badge>}
        <span className="ml-auto flex items-center gap-1">
          <span role="status" className="text-xs text-muted">
            {copied}
          </span>
          {manual && (
            <Button tone="quiet" className="h-7" onClick={onForm}>
              Back to the form
            </Button>
          )}
          <Button tone="quiet" className="h-7" onClick={copy}>
            <Icon name="copy" /> Copy
          </Button>
        </span>
      </div>
      <textarea
        id={id}
        value={program}
        spellCheck={false}
        rows={Math.min(12, program.split('\n').length + 1)}
        className="w-full rounded-md border border-line-strong/60 bg-sunken p-3 font-mono text-xs leading-5"
        onChange={(event) => onEdit(event.target.value)}
      />
    </section>
  );
}
