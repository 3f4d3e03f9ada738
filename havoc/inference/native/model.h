// A transformer of the Llama layout: packed weights, paged cache, and one call for a step of a batch.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "cache.h"
#include "kernels.h"
#include "matrix.h"
#include "pool.h"

namespace havoc {

struct Shape {
  int32_t vocab, d_model, layers, heads, kv_heads, head_dim, mlp, max_seq_len, tied;
  int32_t type, threads, instructions;  // instructions: 0 best, else 1 portable, 2 avx2, 3 avx512
  float eps;
};

const Kernels& kernels_for(int instructions);

class Arena {  // zeroed memory, on huge pages where the system has them
 public:
  ~Arena();
  uint8_t* take(size_t bytes);
  size_t bytes() const { return total_; }

 private:
  std::vector<std::pair<void*, size_t>> parts_;
  size_t total_ = 0;
};

enum Weight : int32_t { EMBEDDING, OUTPUT, NORM, ATTENTION_NORM, MLP_NORM, QUERY, KEY, VALUE, MIX, GATE, UP, DOWN };
enum Want : uint8_t { NOTHING = 0, LAST = 1, EVERY = 2 };
enum Status : int { OK = 0, NO_MEMORY = -1, TOO_LONG = -2, UNKNOWN = -3 };

class Model {
 public:
  Model(const Shape& shape, const float* cos, const float* sin);
  int load(Weight which, int layer, const float* data);
  // Feeds counts[i] tokens to sequence sequences[i]; writes the logits wanted, row after row.
  int forward(int rows, const int* sequences, const int* counts, const int* tokens,
              const uint8_t* want, float* logits);

  const Shape shape;
  const Kernels& kernels;
  PageCache cache;
  std::mutex mutex;
  size_t weight_bytes() const { return arena_.bytes(); }

 private:
  struct Layer {
    Matrix qkv, mix, gate_up, down;
    std::vector<float> attention_norm, mlp_norm;
  };
  struct Row {
    Sequence* sequence;
    int count, first;  // first: its first token among those of the step
  };

  Matrix matrix(int outputs, int inputs);
  void embed(int tokens, const int* ids);
  void normalise(int tokens, const std::vector<float>& weight);
  void quantise(int tokens, const float* x, int width);
  void multiply(const Matrix& w, int tokens, const float* x, int stride, Then then, float* out, int out_stride);
  void place(int layer, const std::vector<Row>& rows, int tokens);
  void attend(int layer, const std::vector<Row>& rows);
  template <class Work> void over_tokens(int tokens, const Work& work);

  Arena arena_;
  std::vector<Layer> layers_;
  Matrix output_, embedding_;
  std::vector<float> norm_;
  const int half_;
  std::vector<float> cos_, sin_;  // (max_seq_len, head_dim / 2)
  Pool pool_;
  std::vector<float> x_, h_, qkv_, mixed_, mlp_, scale_;
  std::vector<std::vector<float>> scratch_;
  std::vector<int8_t> q_;
  std::vector<int32_t> correction_;
};

}  // namespace havoc
