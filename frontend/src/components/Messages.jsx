import { useEffect, useLayoutEffect, useRef, useState } from 'react';

import { isRunning } from '../lib/answer.js';
import * as chat from '../lib/chat.js';
import { branch } from '../lib/conversation.js';
import ChatInput from './ChatInput.jsx';
import ChatMessage from './ChatMessage.jsx';
import { Button, Icon } from './ui.jsx';

const NEAR = 48; // px: this close to the end counts as at the end

/**
 * The conversation. A new question goes to the top of the view and its answer grows below it, so
 * that the conclusion is read first and nothing moves under the reader's eyes.
 */
export default function Messages({ conversation, shown, editing }) {
  const box = useRef(null);
  const [more, setMore] = useState(false);
  const newest = shown.findLast((n) => n.role === 'user')?.id;
  const look = () => {
    if (!box.current) return;
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    setMore(scrollHeight - scrollTop - clientHeight > NEAR);
  };
  useLayoutEffect(() => {
    const article = box.current.querySelector(`[data-node="${newest}"]`);
    if (article) box.current.scrollTop = article.offsetTop - box.current.offsetTop - 4;
  }, [newest]);
  useEffect(() => {
    const watch = new ResizeObserver(look);
    watch.observe(box.current);
    watch.observe(box.current.firstChild);
    return () => watch.disconnect();
  }, []);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        tabIndex={0}
        role="log"
        aria-label="Conversation"
        aria-live="off"
        onScroll={look}
        className="@container-size relative h-full overflow-y-auto"
      >
        <div className="mx-auto w-full max-w-3xl px-3 pb-6 sm:px-5">
          {shown.map((node, i) => (
            <div
              key={node.id}
              className={i === shown.length - 1 ? 'min-h-[calc(100cqh-6rem)]' : ''}
            >
              {node.id === editing ? (
                <Editing node={node} />
              ) : (
                <ChatMessage node={node} {...branchProps(conversation, node.id)} />
              )}
            </div>
          ))}
        </div>
      </div>
      <Announcer answer={shown.at(-1)?.answer} />
      {more && (
        <Button
          className="absolute bottom-3 left-1/2 z-10 -translate-x-1/2 shadow-float"
          onClick={() => {
            box.current.scrollTop = box.current.scrollHeight;
            box.current.focus(); // the button goes
          }}
        >
          <Icon name="down" /> To the end
        </Button>
      )}
    </div>
  );
}

/** As plain numbers, so that a message whose branches did not change is not rendered again. */
function branchProps(conversation, nodeId) {
  const { position, count } = branch(conversation, nodeId);
  return { position, count };
}

function Editing({ node }) {
  return (
    <div className="pt-6">
      <h2 className="sr-only">{node.text}</h2>
      <ChatInput
        initial={{ text: node.text, attachments: node.attachments }}
        onSend={(text, files) => chat.askAgain(node.id, text, files)}
        onCancel={() => {
          chat.edit(null);
          // back to where it was begun
          setTimeout(() =>
            document
              .querySelector(`[data-node="${node.id}"] [aria-label="Edit the question"]`)
              ?.focus(),
          );
        }}
      />
    </div>
  );
}

/** Says that an answer has come or failed; the growing text itself would be read word by word. */
function Announcer({ answer }) {
  const told = !answer
    ? ''
    : isRunning(answer)
      ? 'The answer is being made.'
      : answer.phase === 'done'
        ? `The answer is there. ${answer.text.split('\n')[0].replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')}`
        : 'The answer did not come.';
  return (
    <p role="status" className="sr-only">
      {told}
    </p>
  );
}
