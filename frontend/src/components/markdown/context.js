import { createContext, useContext } from 'react';

/**
 * What the links of an answer point into: `{ results, citations, showValue(href, shown,
 * anchor), showCitation(n), figure(ref) }`. The same object while text streams in, so that finished
 * blocks are not rendered again.
 */
export const AnswerContext = createContext(null);

export const useAnswer = () => useContext(AnswerContext);
