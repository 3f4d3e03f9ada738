import { useLayoutEffect, useRef, useState } from 'react';

import { isRunning } from '../lib/answer.js';
import * as chat from '../lib/chat.js';
import { branch } from '../lib/conversation.js';
import ChatInput from './ChatInput.jsx';
import ChatMessage from './ChatMessage.jsx';
import { Button, Icon } from './ui.jsx';

const NEAR = 48; // px from the end within which the view follows new text

/** The conversation; the view follows new text only while its end is in sight. */
export default function Messages({ conversation, shown, editing }) {
  const box = useRef(null);
  const [follows, setFollows] = useState(true);
  const toEnd = () => {
    box.current.scrollTop = box.current.scrollHeight;
  };
  useLayoutEffect(() => {
    if (follows) toEnd();
  });
  const answered = shown.at(-1)?.answer;
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        tabIndex={0}
        role="log"
        aria-label="Conversation"
        aria-live="off"
        onScroll={() => {
          const { scrollTop, scrollHeight, clientHeight } = box.current;
          setFollows(scrollHeight - scrollTop - clientHeight < NEAR);
        }}
        className="h-full overflow-y-auto"
      >
        <div className="mx-auto w-full max-w-3xl px-3 pb-6 sm:px-5">
          {shown.map((node) =>
            node.id === editing ? (
              <Editing key={node.id} node={node} />
            ) : (
              <ChatMessage key={node.id} node={node} {...branchProps(conversation, node.id)} />
            ),
          )}
        </div>
      </div>
      <Announcer answer={answered} />
      {!follows && (
        <Button
          className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-float"
          onClick={toEnd}
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
      <ChatInput
        initial={{ text: node.text, attachments: node.attachments }}
        onSend={(text, files) => chat.askAgain(node.id, text, files)}
        onCancel={() => chat.edit(null)}
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
