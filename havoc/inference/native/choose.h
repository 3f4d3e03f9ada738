// From logits to the next token: the steps of havoc/inference/sampling.py, in the same order.
#pragma once

#include <cstdint>

namespace havoc {

struct Choice {
  const float* logits;
  const uint32_t* mask;  // a bit a token, or null: all are allowed
  const int32_t* seen;   // tokens of the prompt and the text so far, for the penalty
  int32_t* top_ids;      // (top_count), may be null
  float* top_logprobs;
  double uniform;        // in [0, 1)
  int32_t vocab, seen_count, top_k, greedy, top_count;
  float penalty, temperature, top_p, min_p;
  int32_t token;  // result, -1 if nothing is allowed
  float logprob;  // result: at temperature 1 among the allowed tokens, before the penalty
};

void choose(Choice& choice);

}  // namespace havoc
