import { useId, useRef } from 'react';

import { assumptionsOf, auditCount } from '../../lib/answer.js';
import { formatMs } from '../../lib/format.js';
import { AssumptionList } from './AssumptionStrip.jsx';
import AuditPanel from './AuditPanel.jsx';
import CandidatesPanel from './CandidatesPanel.jsx';
import ProgramPanel from './ProgramPanel.jsx';
import ProvenancePanel from './ProvenancePanel.jsx';
import ResultsPanel from './ResultsPanel.jsx';
import SourcesPanel from './SourcesPanel.jsx';
import StageTrace from './StageTrace.jsx';

/** Everything behind an answer, a tab each; all closed until one is asked for. */
export default function Evidence({ answer, open, onOpen, onRerun, onCitation }) {
  const id = useId();
  const list = useRef(null);
  const tabs = tabsOf(answer);
  const shown = tabs.find((t) => t.key === open);
  const move = (event) => {
    const buttons = [...list.current.querySelectorAll('[role=tab]')];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons.at(to % buttons.length).focus();
  };
  return (
    <div
      className={`overflow-hidden rounded-md border border-line bg-panel ${shown ? '' : 'no-print'}`}
    >
      {/* eslint-disable-next-line jsx-a11y/interactive-supports-focus */}
      <div
        ref={list}
        role="tablist"
        aria-label="Behind this answer"
        onKeyDown={move}
        className="no-print flex overflow-x-auto"
      >
        {tabs.map((tab, i) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            aria-selected={open === tab.key}
            aria-controls={open === tab.key ? `${id}-panel` : undefined}
            tabIndex={open === tab.key || (!shown && i === 0) ? 0 : -1}
            onClick={() => onOpen(open === tab.key ? null : tab.key)}
            className="flex shrink-0 items-baseline gap-1 border-b-2 border-transparent px-2 py-2 first:pl-3 text-sm text-ink-2 hover:bg-sunken aria-selected:border-accent aria-selected:text-ink"
          >
            {tab.label}
            {tab.count !== undefined && (
              <span
                className={`font-mono text-2xs ${tab.alarm ? 'font-bold text-bad' : 'text-muted'}`}
              >
                {tab.count}
              </span>
            )}
          </button>
        ))}
      </div>
      {shown && (
        <div
          role="tabpanel"
          id={`${id}-panel`}
          aria-labelledby={`${id}-${shown.key}`}
          className="border-t border-line p-3"
        >
          <Panel name={shown.key} answer={answer} onRerun={onRerun} onCitation={onCitation} />
        </div>
      )}
    </div>
  );
}

function Panel({ name, answer, onRerun, onCitation }) {
  switch (name) {
    case 'program':
      return <ProgramPanel key={answer.program} program={answer.program} onRerun={onRerun} />;
    case 'results':
      return <ResultsPanel answer={answer} />;
    case 'audit':
      return <AuditPanel audit={answer.audit} />;
    case 'assumptions':
      return <AssumptionList assumptions={assumptionsOf(answer)} />;
    case 'candidates':
      return <CandidatesPanel candidates={answer.candidates} program={answer.program} />;
    case 'sources':
      return <SourcesPanel citations={answer.citations} onOpen={onCitation} />;
    case 'trace':
      return <StageTrace stages={answer.stages} detailed />;
    default:
      return <ProvenancePanel answer={answer} />;
  }
}

function tabsOf(answer) {
  const { passed, total } = auditCount(answer.audit);
  const ms = answer.stages.reduce((sum, s) => sum + (s.ms || 0), 0);
  const tabs = [
    { key: 'program', label: 'Program', when: answer.program },
    { key: 'results', label: 'Results', when: answer.results.length },
    {
      key: 'audit',
      label: 'Audit',
      count: `${passed}/${total}`,
      alarm: passed < total,
      when: total,
    },
    {
      key: 'assumptions',
      label: 'Assumptions',
      count: assumptionsOf(answer).length,
      when: answer.results.length,
    },
    {
      key: 'candidates',
      label: 'Candidates',
      count: answer.candidates.length,
      when: answer.candidates.length,
    },
    {
      key: 'sources',
      label: 'Sources',
      count: answer.citations.length,
      when: answer.citations.length,
    },
    { key: 'trace', label: 'Stages', count: formatMs(ms), when: answer.stages.length },
    { key: 'provenance', label: 'Provenance', when: answer.provenance || answer.runId },
  ];
  return tabs.filter((t) => t.when);
}
