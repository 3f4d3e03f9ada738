import { useState } from 'react';

import * as chat from '../lib/chat.js';
import { download } from '../lib/exporting.js';
import { loadConversation } from '../lib/history.js';
import { useApp } from '../lib/store.js';
import { asJson } from '../lib/transcript.js';
import { listSheets, removeSheet } from '../lib/worksheet/store.js';
import { Badge, Button } from './ui.jsx';

/** What this browser keeps: all of it as one file, or deleted, as on a computer that others use. */
export default function Kept() {
  const summaries = chat.useChat((s) => s.summaries);
  const go = useApp((s) => s.go);
  const [asked, setAsked] = useState(false);
  const [told, setTold] = useState('');
  const save = async () => {
    const conversations = [];
    for (const { id } of summaries) {
      const conversation = chat.useChat.getState().open[id] ?? (await loadConversation(id));
      if (conversation) conversations.push(JSON.parse(asJson(conversation)));
    }
    const worksheets = await listSheets();
    const all = { format: 'havoc.browser', version: 1, conversations, worksheets };
    download('havoc-all.json', JSON.stringify(all, null, 2), 'application/json');
    setTold(`${conversations.length} conversations and ${worksheets.length} worksheets saved`);
  };
  const remove = async () => {
    setAsked(false);
    go('chat');
    for (const { id } of summaries) await chat.deleteConversation(id);
    for (const { id } of await listSheets()) await removeSheet(id);
    setTold('all deleted');
  };
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="engraved mb-2">Kept in this browser</legend>
      <p className="text-sm text-ink-2">
        Conversations ({summaries.length}) with their files, and worksheets. Nothing of them stays
        on the server.
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Button onClick={save}>Save all as JSON</Button>
        {asked ? (
          <>
            <Button tone="danger" onClick={remove}>
              Delete all conversations and worksheets
            </Button>
            {/* what takes the focus deletes nothing */}
            <Button autoFocus onClick={() => setAsked(false)}>
              Keep them
            </Button>
          </>
        ) : (
          <Button tone="danger" onClick={() => setAsked(true)}>
            Delete all
          </Button>
        )}
        <span role="status">{told && <Badge>{told}</Badge>}</span>
      </div>
    </fieldset>
  );
}
