import { auditCount } from '../lib/answer.js';
import CodeBlock from './markdown/CodeBlock.jsx';
import ResultView from './ResultView.jsx';
import { Badge } from './ui.jsx';

/** What came out when the program was run again: with changes, or without some of the points. */
export default function Revisions({ revisions, onRerun }) {
  return revisions.map((revision, i) => {
    const { passed, total } = auditCount(revision.audit);
    return (
      <details
        key={revision.at}
        data-revision
        open={i === revisions.length - 1}
        className="rounded-md border border-accent/50 bg-panel"
      >
        <summary className="flex flex-wrap items-center gap-2 px-3 py-2 text-sm">
          <span className="font-semibold">Run again {i + 1}</span>
          <span className="text-ink-2">{revision.reason}</span>
          <span className="ml-auto flex items-center gap-2">
            <Excluded exclude={revision.excluded ?? revision.exclude} />
            {total > 0 && (
              <Badge tone={passed === total ? 'good' : 'bad'}>
                audit {passed}/{total}
              </Badge>
            )}
          </span>
        </summary>
        <div className="flex flex-col gap-4 border-t border-line p-3">
          {revision.results.map((result) => (
            <ResultView
              key={result.name}
              result={result}
              audit={revision.audit}
              program={revision.program}
              onRerun={onRerun}
            />
          ))}
          <CodeBlock lang="havoc" text={revision.program.trim()} />
        </div>
      </details>
    );
  });
}

function Excluded({ exclude }) {
  const places = Object.entries(exclude ?? {}).filter(([, rows]) => rows.length);
  if (!places.length) return null;
  const told = places.map(([name, rows]) => `${name} row ${rows.join(', ')}`).join('; ');
  return <Badge tone="warn">without {told}</Badge>;
}
