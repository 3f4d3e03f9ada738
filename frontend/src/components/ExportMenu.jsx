import { useRef, useState } from 'react';

import { download, fileName } from '../lib/exporting.js';
import { Button, Icon } from './ui.jsx';

/** A conversation as a file: what each choice makes of it is loaded when it is chosen. */
export default function ExportMenu({ conversation }) {
  const [open, setOpen] = useState(false);
  const box = useRef(null);
  const close = () => {
    setOpen(false);
    box.current?.querySelector('button').focus();
  };
  const save = (text, extension, type) => {
    download(fileName(conversation.title, extension), text, type);
    close();
  };
  const transcript = () => import('../lib/transcript.js');
  const choices = [
    ['Markdown', async () => save((await transcript()).asMarkdown(conversation), 'md', 'text/markdown')], // prettier-ignore
    ['JSON, with evidence', async () => save((await transcript()).asJson(conversation), 'json', 'application/json')], // prettier-ignore
    [
      'Report with figures (HTML)',
      async () => {
        const { asReport } = await import('../lib/report.js');
        const shown = document.querySelector('[role=log][aria-label=Conversation]');
        save(asReport(conversation, shown), 'html', 'text/html');
      },
    ],
    [
      'Print, or PDF',
      () => {
        close();
        setTimeout(() => window.print());
      },
    ],
  ];
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- Escape closes its list
    <div
      ref={box}
      className="relative"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        close();
      }}
      onBlur={(event) => {
        if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget))
          setOpen(false);
      }}
    >
      <Button tone="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="download" /> Export
      </Button>
      {open && (
        <ul className="absolute right-0 z-20 mt-1 w-60 rounded-md border border-line bg-panel p-1 shadow-float">
          {choices.map(([words, act]) => (
            <li key={words}>
              <Button tone="quiet" className="w-full !justify-start" onClick={act}>
                {words}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
