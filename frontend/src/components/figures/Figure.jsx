/**
 * A figure of a result.
 *
 * @param figure `{ kind, title, data }`
 * @param result the result it belongs to (`{ name, operation, values, ... }`)
 * @param program the program's text
 * @param onRerun `(program, { reason }) => Promise<{ program, results, audit }>`: runs the changed
 *   program with the same attachments and shows what came out under the answer
 */
export default function Figure({ figure }) {
  return (
    <figure className="rounded-md border border-line bg-raised p-3">
      <figcaption className="text-sm font-medium">{figure.title}</figcaption>
    </figure>
  );
}
