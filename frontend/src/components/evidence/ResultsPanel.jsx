import ResultView from '../ResultView.jsx';
import { useOutputs } from '../useOutputs.js';

/** All that was computed: every value with its second computation, every row of every table. */
export default function ResultsPanel({ answer }) {
  const outputs = useOutputs(answer.results);
  return (
    <div className="flex flex-col gap-6">
      {answer.results.map((result) => (
        <ResultView
          key={result.name}
          result={result}
          audit={answer.audit}
          program={answer.program}
          outputs={outputs[result.operation]}
          figures={false}
        />
      ))}
    </div>
  );
}
