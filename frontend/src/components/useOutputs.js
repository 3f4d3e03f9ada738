import { useEffect, useState } from 'react';

import { outputsOf } from '../lib/schemas.js';

/** What each value of the results' operations is, by operation; empty until the server has told. */
export function useOutputs(results) {
  const [outputs, setOutputs] = useState({});
  const names = [...new Set(results.map((r) => r.operation))].join(' ');
  useEffect(() => {
    let wanted = true;
    const all = names.split(' ').map(async (name) => [name, await outputsOf(name)]);
    void Promise.all(all).then((found) => wanted && setOutputs(Object.fromEntries(found)));
    return () => {
      wanted = false;
    };
  }, [names]);
  return outputs;
}
