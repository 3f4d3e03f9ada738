/** What a program gave: each result in full, its assumptions, the audit, the program that ran. */
import { assumptionsOf, auditCount } from '../../lib/answer.js';
import { isDesign } from '../../lib/worksheet/design.js';
import { useApp } from '../../lib/store.js';
import { AssumptionList } from '../evidence/AssumptionStrip.jsx';
import AuditPanel from '../evidence/AuditPanel.jsx';
import CodeBlock from '../markdown/CodeBlock.jsx';
import ResultView from '../ResultView.jsx';
import { useOutputs } from '../useOutputs.js';
import { Badge, Button, Icon } from '../ui.jsx';

export default function Outcome({ outcome, onRerun, title = 'Result' }) {
  const outputs = useOutputs(outcome.results);
  const openDesign = useApp((s) => s.openDesign);
  const { passed, total } = auditCount(outcome.audit);
  const assumptions = assumptionsOf({ results: outcome.results, objections: [] });
  return (
    <section aria-label="Result" className="flex flex-col gap-4 border-t border-line pt-4">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="text-lg font-semibold">{title}</h2>
        {total > 0 && (
          <Badge tone={passed === total ? 'good' : 'bad'}>
            audit {passed}/{total}
          </Badge>
        )}
      </div>
      {outcome.results.map((result) => (
        <div key={result.name} className="flex flex-col gap-2">
          <h3 className="sr-only">
            {result.conclusion ? `Details of ${result.name}` : result.name}
          </h3>
          {isDesign(result) && (
            <Button
              tone="primary"
              className="self-start"
              onClick={() => openDesign(result, outcome.program)}
            >
              <Icon name="sheet" /> Open as worksheet
            </Button>
          )}
          <ResultView
            result={result}
            audit={outcome.audit}
            program={outcome.program}
            onRerun={onRerun}
            outputs={outputs[result.operation]}
          />
        </div>
      ))}
      {assumptions.length > 0 && (
        <section>
          <h3 className="font-semibold">Assumptions</h3>
          <AssumptionList assumptions={assumptions} />
        </section>
      )}
      <details>
        <summary className="font-medium">
          Audit: {passed} of {total} checks passed
        </summary>
        <div className="mt-2">
          <AuditPanel audit={outcome.audit} />
        </div>
      </details>
      <details>
        <summary className="font-medium">Program that ran</summary>
        <div className="mt-2">
          <CodeBlock lang="havoc" text={outcome.program.trim()} />
        </div>
      </details>
    </section>
  );
}
