// Small, safe edits of a HAVOC program: find a statement, read or set one of its arguments.

const OPEN = '([{';
const CLOSE = ')]}';

/** Walk a text and call `visit(char, depth, i)` for what is outside strings, names in backticks and comments. */
function walk(text, visit) {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (c === '"' || c === '`') {
      for (i += 1; i < text.length && text[i] !== c; i += 1) if (text[i] === '\\') i += 1;
    } else if (c === '#') {
      while (i + 1 < text.length && text[i + 1] !== '\n') i += 1;
    } else {
      if (CLOSE.includes(c)) depth -= 1;
      if (visit(c, depth, i) === false) return;
      if (OPEN.includes(c)) depth += 1;
    }
  }
}

/** Split at a character outside brackets and strings. */
export function splitTop(text, separator = ',') {
  const cuts = [];
  walk(text, (c, depth, i) => {
    if (c === separator && depth === 0) cuts.push(i);
  });
  const parts = [...cuts, text.length].map((end, k) =>
    text.slice(k ? cuts[k - 1] + 1 : 0, end).trim(),
  );
  return parts.filter((p, i) => p || i < parts.length - 1);
}

/** Where `text` has its first `=` that is neither `==` nor in brackets or strings, or -1. */
function assignment(text) {
  let at = -1;
  walk(text, (c, depth, i) => {
    if (c === '=' && depth === 0 && text[i + 1] !== '=' && !'=!<>'.includes(text[i - 1] ?? ' ')) {
      at = i;
      return false;
    }
    return true;
  });
  return at;
}

/** The statements of a program: `{name, operation, args: [{key, value}], start, end}`. */
export function statements(program) {
  const found = [];
  const lines = program.split('\n');
  let offset = 0;
  for (const line of lines) {
    const one = statement(line);
    if (one) found.push({ ...one, start: offset, end: offset + one.length });
    offset += line.length + 1;
  }
  return found;
}

function statement(line) {
  const match = /^\s*(?:([^\s=(]+|`[^`]*`)\s*=\s*)?([A-Za-z_]\w*(?:\.\w+)?)\s*\(/.exec(line);
  if (!match) return null;
  const open = match[0].length - 1;
  let close = -1;
  walk(line, (c, depth, i) => {
    if (c === ')' && depth === 0 && i > open) {
      close = i;
      return false;
    }
    return true;
  });
  if (close < 0) return null;
  const args = splitTop(line.slice(open + 1, close)).map((text) => {
    const at = assignment(text);
    return at < 0
      ? { key: null, value: text }
      : { key: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
  });
  return {
    name: match[1]?.replaceAll('`', '') ?? null,
    operation: match[2],
    args,
    length: close + 1,
  };
}

const find = (program, name) => statements(program).find((s) => s.name === name) ?? null;

/** The text of an argument of the statement `name`, or null. */
export function argument(program, name, key) {
  return find(program, name)?.args.find((a) => a.key === key)?.value ?? null;
}

/** The program with that argument set; `null` takes it away. Throws where there is no such statement. */
export function withArguments(program, name, changes) {
  const one = find(program, name);
  if (!one) throw new Error(`the program has no statement '${name}'`);
  let args = one.args;
  for (const [key, value] of Object.entries(changes)) {
    const there = args.some((a) => a.key === key);
    if (value === null) args = args.filter((a) => a.key !== key);
    else if (there) args = args.map((a) => (a.key === key ? { key, value } : a));
    else args = [...args, { key, value }];
  }
  const inside = args.map((a) => (a.key === null ? a.value : `${a.key}=${a.value}`)).join(', ');
  const label =
    one.name === null ? '' : `${/^[^\W\d]\w*$/u.test(one.name) ? one.name : `\`${one.name}\``} = `;
  return `${program.slice(0, one.start)}${label}${one.operation}(${inside})${program.slice(one.end)}`;
}

/** The numbers of a list argument such as `[3, 8]`. */
export const numberList = (text) =>
  text
    ? splitTop(text.replace(/^\[|\]$/g, ''))
        .map(Number)
        .filter(Number.isFinite)
    : [];
