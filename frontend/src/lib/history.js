/** Conversations in this browser's IndexedDB; nothing of them is kept on the server. */
import { createStore, del, entries, get, set } from 'idb-keyval';

import { summary } from './conversation.js';

let stores = null;

function open() {
  stores ??= {
    whole: createStore('havoc-conversations', 'whole'),
    list: createStore('havoc-summaries', 'list'),
  };
  return stores;
}

/** The summaries of all conversations; an empty list where the browser keeps nothing. */
export async function loadSummaries() {
  try {
    return (await entries(open().list)).map(([, s]) => s).sort((a, b) => b.updated - a.updated);
  } catch {
    return [];
  }
}

export async function loadConversation(id) {
  try {
    return await get(id, open().whole);
  } catch {
    return undefined;
  }
}

/** Keep a conversation; false where the browser refuses (private mode, no room). */
export async function saveConversation(conversation) {
  try {
    await set(conversation.id, conversation, open().whole);
    await set(conversation.id, summary(conversation), open().list);
    return true;
  } catch {
    return false;
  }
}

export async function removeConversation(id) {
  forgetAtOnce(id);
  try {
    await del(id, open().whole);
    await del(id, open().list);
  } catch {
    // nothing was kept
  }
}

const AT_ONCE = 'havoc-at-once';
const MOST_CHARACTERS = 2_000_000; // a browser keeps about five million

/**
 * Keep conversations before the page goes: IndexedDB would finish too late, this is done when the
 * call returns. What is too large for it is left to IndexedDB.
 */
export function keepAtOnce(conversations) {
  if (!conversations.length) return;
  try {
    const text = JSON.stringify(conversations);
    if (text.length <= MOST_CHARACTERS) localStorage.setItem(AT_ONCE, text);
  } catch {
    // the browser keeps nothing, or has no room
  }
}

/** The conversations that `keepAtOnce` kept, once: they are handed to IndexedDB. */
export function takeAtOnce() {
  try {
    const kept = JSON.parse(localStorage.getItem(AT_ONCE) ?? '[]');
    localStorage.removeItem(AT_ONCE);
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

function forgetAtOnce(id) {
  keepAtOnce(takeAtOnce().filter((c) => c.id !== id));
}
