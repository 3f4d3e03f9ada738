// What the instruction sets have in common: the packed matrix, its operand, and the table of kernels.
#pragma once

#include <cstddef>
#include <cstdint>

namespace havoc {

constexpr int PANEL = 32;  // outputs that lie side by side in a packed matrix
constexpr int GROUP = 32;  // int8: inputs that share a scale, as in llama.cpp's q8_0
constexpr int BLOCK = 16;  // tokens of a page of the key/value cache

enum Type : int32_t { FLOAT32 = 0, BFLOAT16 = 1, INT8 = 2 };

// Weights (outputs, inputs) cut into panels of 32 outputs; a panel is read from front to back.
//   float32:  [input][32]
//   bfloat16: [input pair][32][2]
//   int8:     per group of 32 inputs [quad of inputs][32][4], biased by 128, then 32 float16 scales
struct Matrix {
  Type type = FLOAT32;
  int outputs = 0, inputs = 0, panels = 0;
  size_t panel_bytes = 0;
  uint8_t* data = nullptr;
};

// Rows of activations; the int8 form is filled where the weights want it.
struct Rows {
  const float* x = nullptr;
  int stride = 0;
  const int8_t* q = nullptr;          // (rows, groups * 32)
  const float* scale = nullptr;       // (rows, groups)
  const int32_t* correction = nullptr;  // (rows, groups): 128 times the sum of the group
  int groups = 0;
};

enum class Then { STORE, ADD, SWIGLU };  // what becomes of a product

struct Attention {  // one sequence, one key/value head, queries first .. first + count - 1
  const float* q;   // (tokens, q_stride); heads of this key/value head side by side
  int q_stride, heads, head_dim, head_dim_padded;
  float scale;
  const float* const* pages;  // by block: keys [head_dim][16], then values [16][head_dim_padded]
  int first_position, first, count;
  float* out;  // (tokens, out_stride)
  int out_stride;
  float* scratch;  // heads * count rows of scores
  int scratch_stride;
};

struct Kernels {
  const char* name;
  void (*multiply)(const Matrix&, const Rows&, int rows, int panel, int panel_end, Then, float* out,
                   int out_stride);
  void (*normalise)(const float* x, const float* weight, float eps, int width, float* out);
  void (*quantise)(const float* x, int width, int groups, int8_t* q, float* scale, int32_t* corr);
  void (*attend)(const Attention&);
  // Index of the first largest of `count` numbers (a multiple of 16, padded with -1e30), and the
  // logarithm of the sum of their exponentials.
  int (*largest)(const float* x, int count);
  float (*log_sum_exp)(const float* x, int count, float largest);
};

extern const Kernels kernels_portable, kernels_avx2, kernels_avx512;

}  // namespace havoc
