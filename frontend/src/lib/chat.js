/** Conversations and the answers being made in them. */
import { create } from 'zustand';

import { applyEvent, isRunning } from './answer.js';
import * as api from './api.js';
import { frameBatch } from './batch.js';
import * as talk from './conversation.js';
import {
  keepAtOnce,
  loadConversation,
  loadSummaries,
  removeConversation,
  saveConversation,
  takeAtOnce,
} from './history.js';
import { PRESETS } from './settings.js';
import { useApp } from './store.js';

const running = new Map(); // answer id -> AbortController
const pending = new Map(); // conversation id -> timer of its next save
const saving = new Map(); // conversation id -> how many saves are under way
const SAVE_MS = 500;

/** What the page kept as it went the last time. */
const restored = takeAtOnce();

export const useChat = create(() => ({
  summaries: [],
  loaded: false,
  open: Object.fromEntries(restored.map((c) => [c.id, c])), // conversations in memory by id
  currentId: null,
  /** The question that is being edited: a node's id. */
  editing: null,
  /** False once the browser has refused to keep a conversation. */
  kept: true,
}));

const get = useChat.getState;
const set = useChat.setState;

export const currentConversation = (state) => state.open[state.currentId] ?? null;

/** Read the history; answers that were running when the page went are taken up again. */
export async function loadHistory() {
  for (const conversation of restored.splice(0)) await saveConversation(conversation);
  const summaries = await loadSummaries();
  set({ summaries, loaded: true });
  for (const s of summaries.filter((x) => x.running)) void takeUp(s.id);
}

async function takeUp(id) {
  const conversation = await into(id);
  for (const node of Object.values(conversation?.nodes ?? {})) {
    if (!node.answer || !isRunning(node.answer) || running.has(node.id)) continue;
    if (node.answer.runId) void follow(id, node.id, resumed(node.answer.runId), true);
    else changeAnswer(id, node.id, (a) => ({ ...a, phase: 'gone' }), true);
  }
}

/** All of a run from its first event: what was kept before the reload may lack its last words. */
const resumed = (runId) => (signal) => api.resumeRun(runId, 0, { signal });

async function into(id) {
  const known = get().open[id];
  if (known) return known;
  const conversation = await loadConversation(id);
  if (conversation && !get().open[id]) put(conversation, false);
  return get().open[id];
}

function put(conversation, save = true) {
  set((s) => ({ open: { ...s.open, [conversation.id]: conversation } }));
  if (save) saveSoon(conversation.id);
}

function saveSoon(id, now = false) {
  if (pending.has(id) && !now) return;
  clearTimeout(pending.get(id));
  const save = async () => {
    pending.delete(id);
    const conversation = get().open[id];
    if (!conversation) return;
    const rest = get().summaries.filter((s) => s.id !== id);
    set({ summaries: [talk.summary(conversation), ...rest].sort((a, b) => b.updated - a.updated) });
    saving.set(id, (saving.get(id) ?? 0) + 1);
    const kept = await saveConversation(conversation);
    saving.set(id, saving.get(id) - 1);
    if (kept !== get().kept) set({ kept });
  };
  if (now) void save();
  else pending.set(id, setTimeout(save, SAVE_MS));
}

/** What is not safely kept yet, kept before the page goes: a reload in mid-answer loses nothing. */
export function keepUnsaved() {
  const { open } = get();
  keepAtOnce(Object.values(open).filter((c) => pending.has(c.id) || saving.get(c.id) > 0));
}

function changeAnswer(id, nodeId, change, saveNow = false) {
  const conversation = get().open[id];
  if (!conversation) return;
  const next = talk.changeAnswer(conversation, nodeId, change);
  if (next === conversation) return;
  put(next);
  if (saveNow) saveSoon(id, true);
}

/** Show a conversation; false if there is none of that id. */
export async function openConversation(id) {
  set({ editing: null });
  if (!id) {
    set({ currentId: null });
    return true;
  }
  const conversation = await into(id);
  set({ currentId: conversation ? id : null });
  return Boolean(conversation);
}

export async function deleteConversation(id) {
  for (const nodeId of Object.keys(get().open[id]?.nodes ?? {})) running.get(nodeId)?.abort();
  clearTimeout(pending.get(id));
  pending.delete(id);
  set((s) => {
    const open = { ...s.open };
    delete open[id];
    return {
      open,
      summaries: s.summaries.filter((x) => x.id !== id),
      currentId: s.currentId === id ? null : s.currentId,
    };
  });
  await removeConversation(id);
}

export function renameConversation(id, title) {
  void into(id).then((c) => c && put({ ...c, title: title.trim() || c.title }));
}

/** Ask at the end of the conversation that is open, or begin one. Returns its id. */
export function ask(text, attachments = [], dropped = []) {
  const conversation = currentConversation(get()) ?? talk.newConversation();
  const end = talk.path(conversation).at(-1)?.id ?? 'root';
  return askUnder(conversation, end, text, attachments, dropped);
}

function askUnder(conversation, parent, text, attachments, dropped) {
  const [asked, question] = talk.addQuestion(conversation, parent, text, attachments, dropped);
  set({ currentId: conversation.id, editing: null });
  begin(asked, question.id);
  return conversation.id;
}

function begin(conversation, questionId) {
  const { reasoning } = useApp.getState().settings;
  const [waiting, answer] = talk.addAnswer(conversation, questionId, reasoning);
  put(waiting);
  const body = { ...talk.requestFor(waiting, questionId), ...options(useApp.getState().settings) };
  void follow(waiting.id, answer.id, (signal) => api.chat(body, { signal }));
}

/** What of the settings goes with a question. */
export function options(settings) {
  const { reasoning, preset, sampling, detail } = settings;
  if (reasoning) return { reasoning, detail };
  const { seed, ...rest } = { ...sampling, ...(PRESETS[preset] ?? {}) };
  return { reasoning, ...rest, ...(seed === null ? {} : { seed }) };
}

/** Apply a stream's events to an answer until it ends. */
async function follow(id, nodeId, start, afresh = false) {
  const controller = new AbortController();
  running.set(nodeId, controller);
  const batch = frameBatch((events) =>
    changeAnswer(id, nodeId, (answer) => events.reduce(applyEvent, answer)),
  );
  try {
    let first = afresh;
    for await (const event of start(controller.signal)) {
      if (first) changeAnswer(id, nodeId, restarted);
      first = false;
      batch.push(event);
      if (event.event === 'meta' || event.data?.state === 'opened') {
        batch.flush();
        saveSoon(id, true); // the run's id must survive a reload
      }
    }
    batch.flush();
  } catch (error) {
    batch.flush();
    if (!controller.signal.aborted) changeAnswer(id, nodeId, (a) => failed(a, error));
  } finally {
    running.delete(nodeId);
    changeAnswer(id, nodeId, (a) => (isRunning(a) ? { ...a, phase: 'stopped' } : a));
    saveSoon(id, true);
  }
}

/** Before a run is read again from its first event. */
const restarted = (a) => ({
  ...a,
  text: '',
  stages: [],
  results: [],
  citations: [],
  error: null,
  seen: 0,
});

function failed(answer, error) {
  if (error.code === 'unknown_run' || error.status === 404) return { ...answer, phase: 'gone' };
  const { message, code = 'internal', status = 0, retryable = true } = error;
  return { ...answer, phase: 'error', error: { message, code, status, retryable } };
}

/** Stop an answer: on the server, and here at once. */
export function stop(nodeId) {
  const conversation = currentConversation(get());
  const answer = conversation?.nodes[nodeId]?.answer;
  if (!answer || !isRunning(answer)) return;
  if (answer.runId) api.cancelRun(answer.runId).catch(() => {});
  running.get(nodeId)?.abort();
  changeAnswer(
    conversation.id,
    nodeId,
    (a) => ({ ...a, phase: 'stopped', connection: 'ok' }),
    true,
  );
}

/** Go on with an answer whose stream was cut. */
export function resume(nodeId) {
  const { id, nodes } = currentConversation(get());
  const { runId } = nodes[nodeId].answer;
  changeAnswer(id, nodeId, (a) => ({ ...a, phase: 'streaming' }));
  void follow(id, nodeId, resumed(runId), true);
}

/** Another answer to the same question, beside the old one. */
export function retry(nodeId) {
  const conversation = currentConversation(get());
  stop(nodeId);
  begin(currentConversation(get()), conversation.nodes[nodeId].parent);
}

export const edit = (nodeId) => set({ editing: nodeId });

/** Ask a question in other words, beside the old one. */
export function askAgain(nodeId, text, attachments) {
  const conversation = currentConversation(get());
  askUnder(conversation, conversation.nodes[nodeId].parent, text, attachments);
}

export function turnBranch(nodeId, step) {
  put(talk.turn(currentConversation(get()), nodeId, step));
}

/**
 * Run a changed program with the files of the question, and keep what came out under the answer.
 * Resolves to the server's `{ program, results, audit, excluded }`.
 */
export async function rerun(nodeId, { program, exclude = {}, reason = '' }) {
  const conversation = currentConversation(get());
  const questionId = conversation.nodes[nodeId].parent;
  const { attachments } = talk.requestFor(conversation, questionId);
  const outcome = await api.run({ program, attachments, exclude });
  const revision = { ...outcome, reason, exclude, at: Date.now() };
  changeAnswer(
    conversation.id,
    nodeId,
    (a) => ({ ...a, revisions: [...a.revisions, revision] }),
    true,
  );
  return outcome;
}

/** The last answer that is running in the open conversation. */
export function runningAnswer(state) {
  const conversation = currentConversation(state);
  if (!conversation) return null;
  const last = talk.path(conversation).at(-1);
  return last?.answer && isRunning(last.answer) ? last : null;
}
