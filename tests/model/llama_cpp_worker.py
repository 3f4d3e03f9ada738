"""Reads a GGUF file with llama.cpp in a Python that has llama-cpp-python; prints JSON.

Arguments: the file, a JSON list of texts, a JSON list of token ids to continue, how many tokens.
"""

from __future__ import annotations

import json
import sys

import llama_cpp


def main() -> None:
    """Print the tokens of each text and the greedy continuation."""
    path, texts, prompt, count = sys.argv[1], *map(json.loads, sys.argv[2:5])
    model = llama_cpp.Llama(path, n_ctx=128, n_threads=1, verbose=False, logits_all=False)
    tokens = [model.tokenize(t.encode(), add_bos=True, special=True) for t in texts]
    model.eval(prompt)
    continued = []
    for _ in range(count):
        following = model.sample(temp=0.0)
        continued.append(int(following))
        model.eval([following])
    print(json.dumps({"tokens": tokens, "continued": continued}))


if __name__ == "__main__":
    main()
