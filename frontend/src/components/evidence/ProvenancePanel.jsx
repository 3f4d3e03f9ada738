import { CopyButton } from '../markdown/CodeBlock.jsx';

const NAMES = {
  havoc: 'HAVOC',
  git: 'Code',
  model: 'Model',
  mlflow_run: 'Training run',
  data: 'Data',
  index: 'Library index',
  request: 'Digest of the request',
  tables: 'Digest of the tables',
  seal: 'Seal of the answer',
  signature: 'Signature',
  run: 'Run',
  tokens: 'Tokens',
};

/** Exactly which model, data and code made this answer. */
export default function ProvenancePanel({ answer }) {
  const rows = Object.entries(answer.provenance ?? {});
  if (answer.runId) rows.push(['run', answer.runId]);
  if (answer.usage)
    rows.push([
      'tokens',
      `${answer.usage.prompt_tokens} in, ${answer.usage.completion_tokens} out`,
    ]);
  if (!rows.length) return <p className="text-sm text-muted">Not known yet.</p>;
  return (
    <div className="flex items-start justify-between gap-2">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        {rows.map(([k, v]) => (
          <div key={k} className="contents">
            <dt className="text-muted">{NAMES[k] ?? k}</dt>
            <dd className="font-mono text-xs leading-5 break-all">
              {typeof v === 'object' ? JSON.stringify(v) : String(v)}
            </dd>
          </div>
        ))}
      </dl>
      <CopyButton
        text={() =>
          rows.map(([k, v]) => `${k}: ${typeof v === 'object' ? JSON.stringify(v) : v}`).join('\n')
        }
        label="Copy"
      />
    </div>
  );
}
