/**
 * A figure of a result.
 *
 * @param figure `{ kind, title, data }`
 * @param result the result it belongs to (`{ name, operation, values, ... }`)
 * @param program the program's text
 * @param onRerun `({ program, exclude, reason }) => Promise<{ program, results, audit, excluded }>`:
 *   runs the program again with the same attachments (`exclude` as in `run` of lib/api.js), and
 *   shows what came out under the answer with the reason
 */
export default function Figure({ figure }) {
  return (
    <figure className="rounded-md border border-line bg-raised p-3">
      <figcaption className="text-sm font-medium">{figure.title}</figcaption>
    </figure>
  );
}
