/** One operation: what it does, its form, the program that the form writes, and what came out. */
import { useEffect, useMemo, useRef, useState } from 'react';

import { explained } from '../../lib/explain.js';
import { run } from '../../lib/api.js';
import { keepForm, keptForm } from '../../lib/operations/kept.js';
import { emptyForm, formProgram, readProgram, variablesOf } from '../../lib/operations/write.js';
import { Button, Icon } from '../ui.jsx';
import DataSection from './DataSection.jsx';
import OperationForm from './OperationForm.jsx';
import Outcome from './Outcome.jsx';
import ProgramBox from './ProgramBox.jsx';

/** What the form holds: values, data statements before it, attached files. */
function useForm(operation) {
  const [before] = useState(() => keptForm(operation.name));
  const [values, setValues] = useState(() => before.values ?? emptyForm(operation));
  // {variable, line, columns, attachment?, note}
  const [sources, setSources] = useState(before.sources ?? []);
  const [preamble, setPreamble] = useState(before.preamble ?? []); // statements an example brought
  const lines = useMemo(() => [...sources.map((s) => s.line), ...preamble], [sources, preamble]);
  const variables = useMemo(
    () => [
      ...sources.map((s) => ({ name: s.variable, columns: s.columns })),
      ...variablesOf(preamble),
    ],
    [sources, preamble],
  );
  const made = useMemo(() => formProgram(operation, values, lines), [operation, values, lines]);
  return {
    before,
    values,
    setValues,
    sources,
    setSources,
    preamble,
    setPreamble,
    variables,
    ...made,
  };
}

export default function OperationPage({ operation, onBack }) {
  const form = useForm(operation);
  const [manual, setManual] = useState(form.before.manual ?? null); // the program's text once it was edited by hand
  const [touched, setTouched] = useState(false);
  const [refused, setRefused] = useState(0); // how often Run found the form wanting
  const page = useRef(null);
  const [state, setState] = useState({
    busy: false,
    error: null,
    result: form.before.result ?? null,
  });
  const outcome = useRef(null);
  const controller = useRef(null);
  useEffect(() => () => controller.current?.abort(), []);
  const { values, sources, preamble } = form;
  useEffect(() => {
    keepForm(operation.name, { values, sources, preamble, manual, result: state.result });
  }, [operation.name, values, sources, preamble, manual, state.result]);
  useEffect(() => {
    if (refused) page.current?.querySelector('[aria-invalid="true"]')?.focus();
  }, [refused]);

  const attachments = form.sources.map((s) => s.attachment).filter(Boolean);
  const execute = async (program) => {
    controller.current?.abort();
    controller.current = new AbortController();
    setState((s) => ({ ...s, busy: true, error: null }));
    try {
      const result = await run({ program, attachments }, { signal: controller.current.signal });
      setState({ busy: false, error: null, result });
      return result;
    } catch (error) {
      if (error.name !== 'AbortError')
        setState((s) => ({ ...s, busy: false, error: explained(error) }));
      throw error;
    }
  };
  const submit = async () => {
    if (state.busy) return;
    setTouched(true);
    if (manual === null && Object.keys(form.errors).length) {
      setRefused((n) => n + 1);
      return;
    }
    try {
      await execute(manual ?? form.program);
      outcome.current?.scrollIntoView({ block: 'start' });
    } catch {
      // shown beside the button
    }
  };
  /** A figure's point left out, a phase set: the program that ran is then the one in the box. */
  const rerun = async ({ program }) => {
    const result = await execute(program);
    setManual(result.program);
  };
  const useExample = (text) => {
    const read = readProgram(operation, text);
    if (read) {
      form.setValues(read.values);
      form.setSources([]);
      form.setPreamble(read.preamble);
      setManual(null);
    } else setManual(text);
    setTouched(false);
    setState({ busy: false, error: null, result: null });
  };
  const clear = () => {
    form.setValues(emptyForm(operation));
    form.setSources([]);
    form.setPreamble([]);
    setManual(null);
    setTouched(false);
    setState({ busy: false, error: null, result: null });
  };
  return (
    <article ref={page} className="mx-auto flex max-w-5xl flex-col gap-5 p-4 sm:p-6">
      <Heading operation={operation} onBack={onBack} />
      <Examples examples={operation.examples} onUse={useExample} onClear={clear} />
      <form
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {needsData(operation) && <DataSection form={form} />}
        <OperationForm
          operation={operation}
          values={form.values}
          variables={form.variables}
          errors={touched ? form.errors : {}}
          disabled={manual !== null}
          onChange={(name, value) => form.setValues((all) => ({ ...all, [name]: value }))}
        />
        <ProgramBox
          program={manual ?? form.program}
          manual={manual !== null}
          onEdit={setManual}
          onForm={() => setManual(null)}
        />
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" tone="primary" aria-disabled={state.busy}>
            <Icon name="play" /> {state.busy ? 'Running' : 'Run'}
          </Button>
          {touched && manual === null && Object.keys(form.errors).length > 0 && (
            <p role="alert" className="text-sm text-bad">
              {Object.entries(form.errors)
                .map(([k, v]) => `${k}: ${v}`)
                .join('; ')}
            </p>
          )}
          {state.error && (
            <p
              role="alert"
              className="min-w-0 flex-1 rounded-md bg-bad-soft px-3 py-2 text-sm whitespace-pre-wrap text-bad"
            >
              {state.error}
            </p>
          )}
        </div>
      </form>
      <div ref={outcome} aria-live="polite">
        {state.result && <Outcome outcome={state.result} onRerun={rerun} />}
      </div>
    </article>
  );
}

const DATA_KINDS = new Set([
  'sample',
  'samples',
  'labels',
  'column',
  'columns',
  'table',
  'formula',
]);
const needsData = (operation) => operation.parameters.some((p) => DATA_KINDS.has(p.kind));

function Heading({ operation, onBack }) {
  return (
    <header className="flex flex-col gap-2">
      <Button tone="quiet" className="self-start md:hidden" onClick={onBack}>
        <Icon name="left" /> All operations
      </Button>
      <p className="engraved">{operation.family_title ?? operation.family}</p>
      <h1 className="font-mono text-xl font-semibold break-words">{operation.name}</h1>
      <p className="text-base">{operation.summary}.</p>
      {operation.description && <Prose text={operation.description} />}
      <p className="text-sm text-muted">Reference: {operation.reference}</p>
    </header>
  );
}

/** A docstring's paragraphs; ``double backticks`` are code. */
function Prose({ text }) {
  return text.split(/\n\s*\n/).map((paragraph, i) => (
    <p key={i} className="max-w-prose text-sm text-ink-2">
      {paragraph.split(/``(.+?)``/s).map((part, k) =>
        k % 2 ? (
          <code key={k} className="rounded bg-sunken px-1 font-mono text-xs">
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </p>
  ));
}

function Examples({ examples, onUse, onClear }) {
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <span className="text-sm text-muted">Fill in:</span>
      {examples.map((text, i) => (
        <Button key={i} className="h-7" title={text} onClick={() => onUse(text)}>
          Example {i + 1}
        </Button>
      ))}
      <Button tone="quiet" className="h-7" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
