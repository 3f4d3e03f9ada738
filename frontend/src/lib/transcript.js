/** A conversation as a document of its own. */
import { auditCount } from './answer.js';
import { path } from './conversation.js';
import { withoutLinks } from './places.js';

const VERSION = 1;

/** Everything that is shown, as JSON; no key, no settings. */
export function asJson(conversation) {
  const messages = path(conversation).map((n) =>
    n.role === 'user'
      ? { role: 'user', content: n.text, attachments: (n.attachments ?? []).map((a) => a.name) }
      : { role: 'assistant', content: n.answer.text, ...evidence(n.answer) },
  );
  const { title, created, updated } = conversation;
  const times = { created: iso(created), updated: iso(updated) };
  return JSON.stringify(
    { format: 'havoc.conversation', version: VERSION, title, ...times, messages },
    null,
    2,
  );
}

const iso = (at) => new Date(at).toISOString();

function evidence(answer) {
  const keys = [
    'outcome', 'program', 'results', 'audit', 'citations', 'candidates', 'mode', 'objections',
    'provenance', 'timings', 'model', 'usage', 'error', 'revisions',
  ]; // prettier-ignore
  return Object.fromEntries(keys.map((k) => [k, answer[k]]));
}

/** What is shown, as Markdown with the audit's outcome and where the answer came from. */
export function asMarkdown(conversation) {
  const parts = [`# ${conversation.title || 'Conversation'}`];
  for (const node of path(conversation)) {
    parts.push(node.role === 'user' ? question(node) : answerText(node.answer));
  }
  return parts.join('\n\n') + '\n';
}

function question(node) {
  const files = (node.attachments ?? []).map((a) => `\`${a.name}\``).join(', ');
  const quoted = node.text.split('\n').map((l) => `> ${l}`.trimEnd());
  return ['## Question', quoted.join('\n'), files && `Files: ${files}`]
    .filter(Boolean)
    .join('\n\n');
}

export function answerText(answer) {
  const parts = ['## Answer', withoutLinks(withFigures(answer)).trim() || '(no text)'];
  if (answer.audit) {
    const { passed, total } = auditCount(answer.audit);
    parts.push(`*Audit: ${passed} of ${total} checks passed.*`);
  }
  for (const [i, revision] of answer.revisions.entries()) {
    const reason = revision.reason ? ` (${revision.reason})` : '';
    const found = revision.results.map((r) => `- ${r.conclusion}`).join('\n');
    parts.push(
      `### Run again ${i + 1}${reason}\n\n${found}\n\n\`\`\`havoc\n${revision.program.trim()}\n\`\`\``,
    );
  }
  if (answer.provenance) {
    parts.push(`*Made by ${madeBy(answer)}*`);
  }
  return parts.join('\n\n');
}

/** Model, run, data and code of an answer in one line. */
export const madeBy = (answer) =>
  Object.entries(answer.provenance)
    .map(([k, v]) => `${k} ${typeof v === 'object' ? JSON.stringify(v) : v}`)
    .join(' · ');

function withFigures(answer) {
  return answer.text.replace(/^\[\[figure:(\w+)\.(\d+)\]\]$/gm, (whole, name, number) => {
    const figure = answer.results.find((r) => r.name === name)?.figures?.[number - 1];
    return figure ? `*Figure: ${figure.title}*` : whole;
  });
}
