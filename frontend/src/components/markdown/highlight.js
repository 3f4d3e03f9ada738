/** Syntax colours for the five languages that answers are written in; the DSL's grammar is ours. */
import bash from 'highlight.js/lib/languages/bash';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import sql from 'highlight.js/lib/languages/sql';
import { createLowlight } from 'lowlight';

/** The HAVOC DSL: `name = family.operation(args, key=value)`. */
function havoc() {
  return {
    name: 'HAVOC',
    contains: [
      { scope: 'comment', begin: /#/, end: /$/ },
      { scope: 'string', begin: /"/, end: /"/, contains: [{ begin: /\\./ }] },
      { scope: 'title.function', begin: /\b(table|doe|spc|quality|stats|maths)\.\w+(?=\()/ },
      { scope: 'built_in', begin: /\b(data|table|I)(?=\()/ },
      { scope: 'attr', begin: /\b\w+(?==(?!=))/ },
      { scope: 'literal', begin: /\b(true|false|none)\b/ },
      { scope: 'variable', begin: /^\s*\w+(?=\s*=)/ },
      { scope: 'number', begin: /(?<![\w.])-?\d+(\.\d+)?([eE][-+]?\d+)?(?![\w])/ },
      { scope: 'operator', begin: /\.\.|[~*^+]/ },
    ],
  };
}

const lowlight = createLowlight({ bash, json, python, sql, havoc });
const NAMES = { py: 'python', sh: 'bash', shell: 'bash', console: 'bash', dsl: 'havoc' };

/** A hast tree of `text`, or null for a language that is not known. */
export function highlighted(lang, text) {
  const name = NAMES[lang] ?? lang;
  return lowlight.registered(name) ? lowlight.highlight(name, text) : null;
}
