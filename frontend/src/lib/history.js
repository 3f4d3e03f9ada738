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
  try {
    await del(id, open().whole);
    await del(id, open().list);
  } catch {
    // nothing was kept
  }
}
