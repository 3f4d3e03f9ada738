import { Suspense, lazy, memo, useCallback, useMemo, useRef, useState } from 'react';

import { assumptionsOf, isRunning } from '../lib/answer.js';
import { explain } from '../lib/explain.js';
import * as chat from '../lib/chat.js';
import { useApp } from '../lib/store.js';
import { isDesign } from '../lib/worksheet/design.js';
import { answerText } from '../lib/transcript.js';
import { CopyButton } from './markdown/CodeBlock.jsx';
import { AnswerContext } from './markdown/context.js';
import ErrorBoundary from './ErrorBoundary.jsx';
import MarkdownMessage from './MarkdownMessage.jsx';
import { Badge, Button, Dialog, Icon, IconButton, Waiting } from './ui.jsx';
import AssumptionStrip from './evidence/AssumptionStrip.jsx';
import StageTrace from './evidence/StageTrace.jsx';

const IntakeCard = lazy(() => import('./IntakeCard.jsx'));
const Revisions = lazy(() => import('./Revisions.jsx'));
const Evidence = lazy(() => import('./evidence/Evidence.jsx'));
const ValuePopover = lazy(() => import('./evidence/ValuePopover.jsx'));
const Figure = lazy(() => import('./figures/Figure.jsx'));
const PassageDialog = lazy(() =>
  import('./evidence/SourcesPanel.jsx').then((m) => ({ default: m.PassageDialog })),
);

/** Sections of the text that stand below in a better form: strip, program panel, sources, audit. */
const SHOWN_BELOW = new Set(['assumptions', 'program', 'sources', 'audit']);

/** One question or answer. Memoised: only the answer that is being made is rendered again. */
const ChatMessage = memo(function ChatMessage({ node, position, count }) {
  const branch = <Branch nodeId={node.id} position={position} count={count} />;
  return node.role === 'user' ? (
    <Question node={node} branch={branch} />
  ) : (
    <Answer node={node} branch={branch} />
  );
});

export default ChatMessage;

function Branch({ nodeId, position, count }) {
  if (count < 2) return null;
  /** Another message takes this one's place: the focus goes to the same button there. */
  const turn = (event, step) => {
    const all = () => [...document.querySelectorAll('article[data-node]')];
    const at = all().indexOf(event.currentTarget.closest('article'));
    chat.turnBranch(nodeId, step);
    setTimeout(() => {
      const there = [...(all()[at]?.querySelectorAll('[data-turn]') ?? [])];
      (
        there.find((b) => b.dataset.turn === String(step) && !b.disabled) ??
        there.find((b) => !b.disabled)
      )?.focus();
    });
  };
  return (
    <span className="inline-flex items-center font-mono text-xs text-muted">
      <IconButton
        icon="left"
        label="Earlier version"
        data-turn="-1"
        disabled={position === 1}
        onClick={(event) => turn(event, -1)}
      />
      <span aria-label={`Version ${position} of ${count}`}>
        {position}/{count}
      </span>
      <IconButton
        icon="right"
        label="Later version"
        data-turn="1"
        disabled={position === count}
        onClick={(event) => turn(event, 1)}
      />
    </span>
  );
}

function Question({ node, branch }) {
  const [seen, setSeen] = useState(null); // the file that is looked at
  return (
    <article aria-label="Question" className="flex flex-col gap-1.5 pt-6" data-node={node.id}>
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0 flex-1 border-l-2 border-accent pl-3">
          <h2 className="text-base font-medium whitespace-pre-wrap [overflow-wrap:anywhere]">
            {node.text}
          </h2>
          {node.attachments?.length > 0 && (
            <ul aria-label="Files" className="mt-1.5 flex flex-wrap gap-1.5">
              {node.attachments.map((a) => (
                <li key={a.name}>
                  <button
                    type="button"
                    aria-haspopup="dialog"
                    title="Look at this file"
                    className="flex items-center gap-1 rounded bg-sunken px-1.5 font-mono text-xs text-ink-2 hover:underline"
                    onClick={() => setSeen(a)}
                  >
                    <Icon name="sheet" size={12} /> {a.name}
                  </button>
                </li>
              ))}
            </ul>
          )}
        </div>
        <div className="flex shrink-0 items-center">
          {branch}
          <CopyButton text={node.text} label="Copy the question" />
          <IconButton icon="edit" label="Edit the question" onClick={() => chat.edit(node.id)} />
        </div>
      </div>
      {seen && (
        <Dialog title={seen.name} onClose={() => setSeen(null)} wide>
          <Suspense fallback={<Waiting />}>
            <IntakeCard attachment={seen} />
          </Suspense>
        </Dialog>
      )}
    </article>
  );
}

function Answer({ node, branch }) {
  const { answer } = node;
  const detail = useApp((s) => s.settings.detail);
  const running = isRunning(answer);
  const [tab, setTab] = useState(detail === 'full' ? 'trace' : null);
  const [value, setValue] = useState(null); // { href, shown, anchor }
  const [citation, setCitation] = useState(null);
  const holder = useRef(null);
  const openBelow = (name) => {
    setTab(name);
    setTimeout(
      () =>
        holder.current
          ?.querySelector('[role=tablist]')
          ?.scrollIntoView({ block: 'start', behavior: 'smooth' }),
      50,
    );
  };
  const rerun = useCallback((change) => chat.rerun(node.id, change), [node.id]);
  const context = useLinks(answer, rerun, setValue, setCitation);
  const assumptions = useMemo(() => assumptionsOf(answer), [answer]);
  const cited = answer.citations.find((c) => c.n === citation);
  return (
    <AnswerContext value={context}>
      <article
        ref={holder}
        aria-label="Answer"
        aria-busy={running}
        data-node={node.id}
        data-phase={answer.phase}
        className="relative flex flex-col gap-3 py-3"
      >
        {running && answer.reasoning && <StageTrace stages={answer.stages} live />}
        <Connection answer={answer} />
        {answer.outcome === 'needs_clarification' && <Asking />}
        <div className="flex flex-wrap items-center justify-between gap-2 empty:hidden">
          <AssumptionStrip assumptions={assumptions} audit={answer.audit} onOpen={openBelow} />
          <NextSteps answer={answer} />
        </div>
        <MarkdownMessage
          text={answer.text}
          hidden={answer.reasoning ? SHOWN_BELOW : undefined}
          finished={!running}
        />
        {!answer.reasoning && answer.text && (
          <p>
            <Badge tone="warn">not audited: the language model’s own words</Badge>
          </p>
        )}
        <Trouble node={node} />
        {!running && answer.reasoning && (answer.stages.length > 0 || answer.provenance) && (
          <Suspense fallback={<Waiting />}>
            <Evidence
              answer={answer}
              open={tab}
              onOpen={setTab}
              onRerun={rerun}
              onCitation={setCitation}
            />
          </Suspense>
        )}
        {answer.revisions.length > 0 && (
          <Suspense fallback={<Waiting />}>
            <Revisions revisions={answer.revisions} onRerun={rerun} />
          </Suspense>
        )}
        {!running && <Actions node={node} branch={branch} />}
        {value && (
          <Suspense>
            <ValuePopover
              {...value}
              answer={answer}
              program={answer.program}
              onClose={() => setValue(null)}
              onRunProgram={() => {
                setValue(null);
                openBelow('program');
              }}
            />
          </Suspense>
        )}
        {cited && (
          <Suspense>
            <PassageDialog citation={cited} onClose={() => setCitation(null)} />
          </Suspense>
        )}
      </article>
    </AnswerContext>
  );
}

function useLinks(answer, onRerun, setValue, setCitation) {
  const { results, citations, program, audit } = answer;
  return useMemo(
    () => ({
      results,
      citations,
      audit,
      showValue: (href, shown, anchor) => setValue({ href, shown, anchor }),
      showCitation: setCitation,
      figure: (reference) => {
        const [name, number] = reference.split('.');
        const result = results.find((r) => r.name === name);
        const figure = result?.figures?.[number - 1];
        if (!figure) return null;
        return (
          <Suspense fallback={<Waiting label="Drawing" />}>
            <PlacedFigure figure={figure} result={result} program={program} onRerun={onRerun} />
          </Suspense>
        );
      },
    }),
    [results, citations, program, audit, onRerun, setValue, setCitation],
  );
}

function PlacedFigure(props) {
  return (
    <div className="my-3">
      <ErrorBoundary what={`The figure “${props.figure.title}”`}>
        <Figure {...props} />
      </ErrorBoundary>
    </div>
  );
}

function Connection({ answer }) {
  if (answer.connection !== 'lost') return null;
  return (
    <p
      role="status"
      className="flex items-center gap-2 rounded-md bg-warn-soft px-3 py-2 text-sm text-warn"
    >
      <Icon name="warn" /> The connection was lost; the answer goes on at the server. Reconnecting…
    </p>
  );
}

function Asking() {
  return (
    <p className="engraved flex items-center gap-1.5">
      <Icon name="info" size={13} /> One question before anything is computed
    </p>
  );
}

/** A design can be worked on as a sheet. */
function NextSteps({ answer }) {
  const openDesign = useApp((s) => s.openDesign);
  const design = answer.results.find(isDesign);
  if (!design || isRunning(answer)) return null;
  return (
    <Button tone="primary" onClick={() => openDesign(design, answer.program)}>
      <Icon name="sheet" /> Open as worksheet
    </Button>
  );
}

const STATES = {
  stopped: {
    tone: 'text-ink-2 bg-sunken',
    icon: 'stop',
    title: 'Stopped',
    help: 'What had come stays. Retry asks again.',
    actions: ['retry'],
  },
  cut: {
    tone: 'text-warn bg-warn-soft',
    icon: 'warn',
    title: 'The connection was cut',
    help: 'The server keeps the answer for a while: continue takes it up where it is.',
    actions: ['resume', 'retry'],
  },
  gone: {
    tone: 'text-warn bg-warn-soft',
    icon: 'warn',
    title: 'This answer was interrupted',
    help: 'The server no longer has it. Retry asks again.',
    actions: ['retry'],
  },
};

/** An answer that did not come, or not whole: what happened, and what to do. */
function Trouble({ node }) {
  const { answer } = node;
  const serverUrl = useApp((s) => s.settings.serverUrl);
  const openSettings = useApp((s) => s.openSettings);
  const trouble =
    STATES[answer.phase] ??
    (answer.phase === 'error' && {
      tone: 'text-bad bg-bad-soft',
      icon: 'warn',
      ...explain(answer.error, serverUrl),
    });
  if (!trouble) return null;
  const act = {
    retry: ['Retry', () => chat.retry(node.id)],
    resume: ['Continue', () => chat.resume(node.id)],
    edit: ['Edit the question', () => chat.edit(node.parent)],
    settings: ['Settings', openSettings],
  };
  return (
    <div role="alert" className={`flex flex-col gap-2 rounded-md px-3 py-2.5 ${trouble.tone}`}>
      <p className="flex items-center gap-2 text-sm font-semibold">
        <Icon name={trouble.icon} /> {trouble.title}
      </p>
      <p className="text-sm whitespace-pre-wrap">{trouble.help}</p>
      <div className="flex flex-wrap gap-2">
        {trouble.actions.map((name) => (
          <Button key={name} onClick={act[name][1]}>
            {act[name][0]}
          </Button>
        ))}
      </div>
    </div>
  );
}

function Actions({ node, branch }) {
  const { answer } = node;
  return (
    <div className="-ml-2 flex items-center">
      <CopyButton
        text={() => answerText(answer).replace(/^## Answer\n+/, '')}
        label="Copy the answer as Markdown"
      />
      <IconButton
        icon="retry"
        label="Retry: another answer to the same question"
        onClick={() => {
          chat.retry(node.id);
          document.getElementById('question')?.focus();
        }}
      />
      {branch}
    </div>
  );
}
