/**
 * A conversation is a tree: editing a question or retrying an answer adds a branch beside the old
 * one, and `selected` says which branch is shown. Pure functions; nothing is changed in place.
 */
import { emptyAnswer } from './answer.js';

const id = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;

export const newConversation = () => ({
  id: id(),
  title: '',
  created: Date.now(),
  updated: Date.now(),
  nodes: {},
  children: { root: [] },
  selected: {},
});

/** Add a node under `parent` (`root` for the first) and show it. Returns `[conversation, node]`. */
function add(conversation, parent, node) {
  const made = { id: id(), parent, created: Date.now(), ...node };
  const beside = conversation.children[parent] ?? [];
  return [
    {
      ...conversation,
      updated: Date.now(),
      nodes: { ...conversation.nodes, [made.id]: made },
      children: { ...conversation.children, [parent]: [...beside, made.id], [made.id]: [] },
      selected: { ...conversation.selected, [parent]: made.id },
    },
    made,
  ];
}

/** `dropped` names files of earlier questions that this one no longer takes along. */
export function addQuestion(conversation, parent, text, attachments = [], dropped = []) {
  const [next, node] = add(conversation, parent, { role: 'user', text, attachments, dropped });
  return [next.title ? next : { ...next, title: titleOf(text, attachments) }, node];
}

export const addAnswer = (conversation, parent, reasoning) =>
  add(conversation, parent, { role: 'assistant', answer: emptyAnswer(reasoning) });

export function changeAnswer(conversation, nodeId, change) {
  const node = conversation.nodes[nodeId];
  if (!node) return conversation;
  const answer = change(node.answer);
  if (answer === node.answer) return conversation;
  const nodes = { ...conversation.nodes, [nodeId]: { ...node, answer } };
  return { ...conversation, nodes, updated: Date.now() };
}

/** The nodes that are shown, first to last. */
export function path(conversation) {
  const shown = [];
  let at = conversation.selected.root;
  while (at) {
    shown.push(conversation.nodes[at]);
    at = conversation.selected[at];
  }
  return shown;
}

/** The nodes from the first down to `nodeId`. */
export function lineage(conversation, nodeId) {
  const line = [];
  for (let at = nodeId; at && at !== 'root'; at = conversation.nodes[at].parent) {
    line.unshift(conversation.nodes[at]);
  }
  return line;
}

/** `{ position, count }` among the branches at this place, from 1. */
export function branch(conversation, nodeId) {
  const beside = conversation.children[conversation.nodes[nodeId].parent];
  return { position: beside.indexOf(nodeId) + 1, count: beside.length };
}

/** Show the branch `step` further (-1 or 1). */
export function turn(conversation, nodeId, step) {
  const { parent } = conversation.nodes[nodeId];
  const beside = conversation.children[parent];
  const to = beside[beside.indexOf(nodeId) + step];
  if (!to) return conversation;
  return { ...conversation, selected: { ...conversation.selected, [parent]: to } };
}

/** What is sent: the messages down to a question, and its files with those of earlier questions. */
export function requestFor(conversation, questionId) {
  const line = lineage(conversation, questionId);
  const messages = line
    .map((n) => ({ role: n.role, content: n.role === 'user' ? n.text : n.answer.text }))
    .filter((m) => m.content.trim());
  const files = new Map();
  for (const node of line) {
    if (node.role !== 'user') continue;
    for (const name of node.dropped ?? []) files.delete(name);
    for (const file of node.attachments ?? []) files.set(file.name, file);
  }
  return { messages: messages.slice(-100), attachments: [...files.values()] };
}

/** The files that a further question at the end would carry along. */
export function carriedFiles(conversation) {
  const shown = path(conversation);
  const last = shown.findLast((n) => n.role === 'user');
  return last ? requestFor(conversation, last.id).attachments : [];
}

export function titleOf(text, attachments = []) {
  const words = text.replace(/\s+/g, ' ').trim() || attachments[0]?.name || 'New conversation';
  return words.length > 64 ? `${words.slice(0, 62).replace(/\s\S*$/, '')} …` : words;
}

/** What the list and the search need of a conversation. */
export function summary(conversation) {
  const nodes = Object.values(conversation.nodes);
  const words = nodes.map((n) => (n.role === 'user' ? n.text : n.answer.text)).join('\n');
  return {
    id: conversation.id,
    title: conversation.title,
    updated: conversation.updated,
    words: words.slice(0, 20_000).toLowerCase(),
    running: nodes.some((n) => n.answer && ['waiting', 'streaming'].includes(n.answer.phase)),
  };
}

/** Summaries that hold every word of a query, newest first. */
export function search(summaries, query) {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  return summaries
    .filter((s) => wanted.every((w) => s.title.toLowerCase().includes(w) || s.words.includes(w)))
    .sort((a, b) => b.updated - a.updated);
}

const DAY = 86_400_000;

/** Summaries under Today, Yesterday, Last 7 days, Earlier. */
export function byAge(summaries, now = Date.now()) {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const groups = [
    ['Today', midnight],
    ['Yesterday', midnight - DAY],
    ['Last 7 days', midnight - 6 * DAY],
    ['Earlier', -Infinity],
  ].map(([name, from]) => ({ name, from, items: [] }));
  for (const s of summaries) groups.find((g) => s.updated >= g.from).items.push(s);
  return groups.filter((g) => g.items.length);
}
