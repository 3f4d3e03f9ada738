#include "model.h"

#include <algorithm>
#include <cmath>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace havoc {

namespace {
constexpr int FEW = 4;           // tokens below which a pass over them is not worth sharing
constexpr int QUERY_TOKENS = 8;  // tokens of one sequence whose attention is one chunk of work
constexpr size_t HUGE_PAGE = size_t(2) << 20;
}  // namespace

const Kernels& kernels_for(int instructions) {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512vnni");
  if (avx512 && (instructions == 0 || instructions == 3)) return kernels_avx512;
  if (avx2 && instructions != 1) return kernels_avx2;
#endif
  (void)instructions;
  return kernels_portable;
}

Arena::~Arena() {
  for (auto& [memory, bytes] : parts_) std::free(memory);
}

uint8_t* Arena::take(size_t bytes) {
  const size_t align = bytes >= HUGE_PAGE ? HUGE_PAGE : 64;
  const size_t size = (bytes + align - 1) / align * align;
  void* memory = std::aligned_alloc(align, size);
  if (!memory) throw std::bad_alloc();
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (align == HUGE_PAGE) madvise(memory, size, MADV_HUGEPAGE);
#endif
  std::memset(memory, 0, size);
  parts_.emplace_back(memory, size);
  total_ += bytes;
  return static_cast<uint8_t*>(memory);
}

Model::Model(const Shape& s, const float* cos, const float* sin)
    : shape(s),
      kernels(kernels_for(s.instructions)),
      cache(s.layers, s.kv_heads, s.head_dim),
      half_(s.head_dim / 2),
      cos_(cos, cos + size_t(s.max_seq_len) * half_),
      sin_(sin, sin + size_t(s.max_seq_len) * half_),
      pool_(std::max(1, s.threads)) {
  layers_.resize(s.layers);
  for (auto& layer : layers_) {
    layer.qkv = matrix((s.heads + 2 * s.kv_heads) * s.head_dim, s.d_model);
    layer.mix = matrix(s.d_model, s.heads * s.head_dim);
    // Gates and ups alternate by 16; the last pair may be partly empty.
    layer.gate_up = matrix((s.mlp + 15) / 16 * 32, s.d_model);
    layer.gate_up.outputs = 2 * s.mlp;
    layer.down = matrix(s.d_model, s.mlp);
    layer.attention_norm.resize(s.d_model);
    layer.mlp_norm.resize(s.d_model);
  }
  norm_.resize(s.d_model);
  output_ = matrix(s.vocab, s.d_model);
  if (!s.tied) embedding_ = matrix(s.vocab, s.d_model);
  scratch_.resize(pool_.threads());
  for (auto& part : scratch_) part.resize(size_t(8) * (size_t(s.max_seq_len) + BLOCK));
}

Matrix Model::matrix(int outputs, int inputs) {
  Matrix w;
  w.type = Type(shape.type);
  w.outputs = outputs;
  w.inputs = inputs;
  w.panels = (outputs + PANEL - 1) / PANEL;
  w.panel_bytes = panel_bytes(w.type, inputs);
  w.data = arena_.take(w.panels * w.panel_bytes);
  return w;
}

int Model::load(Weight which, int at, const float* data) {
  if (at < 0 || at >= shape.layers) return UNKNOWN;
  Layer& layer = layers_[at];
  const auto pack = [&](Matrix& w, int rows, auto place) {
    pool_.run((rows + 63) / 64, [&](int chunk, int) {
      for (int r = chunk * 64; r < std::min(rows, chunk * 64 + 64); r++)
        pack_row(w, place(r), data + size_t(r) * w.inputs);
    });
  };
  const auto from = [](int first) { return [first](int r) { return first + r; }; };
  const int q = shape.heads * shape.head_dim, kv = shape.kv_heads * shape.head_dim;
  switch (which) {
    case EMBEDDING: pack(shape.tied ? output_ : embedding_, shape.vocab, from(0)); break;
    case OUTPUT: if (!shape.tied) pack(output_, shape.vocab, from(0)); break;
    case NORM: std::copy_n(data, shape.d_model, norm_.begin()); break;
    case ATTENTION_NORM: std::copy_n(data, shape.d_model, layer.attention_norm.begin()); break;
    case MLP_NORM: std::copy_n(data, shape.d_model, layer.mlp_norm.begin()); break;
    case QUERY: pack(layer.qkv, q, from(0)); break;
    case KEY: pack(layer.qkv, kv, from(q)); break;
    case VALUE: pack(layer.qkv, kv, from(q + kv)); break;
    case MIX: pack(layer.mix, shape.d_model, from(0)); break;
    case GATE: pack(layer.gate_up, shape.mlp, [](int r) { return r / 16 * 32 + r % 16; }); break;
    case UP: pack(layer.gate_up, shape.mlp, [](int r) { return r / 16 * 32 + 16 + r % 16; }); break;
    case DOWN: pack(layer.down, shape.d_model, from(0)); break;
    default: return UNKNOWN;
  }
  return OK;
}

template <class Work>
void Model::over_tokens(int tokens, const Work& work) {
  if (tokens < FEW) {
    for (int t = 0; t < tokens; t++) work(t);
    return;
  }
  const int part = std::max(1, tokens / (4 * pool_.threads()));
  pool_.run((tokens + part - 1) / part, [&](int chunk, int) {
    for (int t = chunk * part; t < std::min(tokens, (chunk + 1) * part); t++) work(t);
  });
}

void Model::embed(int tokens, const int* ids) {
  const Matrix& w = shape.tied ? output_ : embedding_;
  over_tokens(tokens, [&](int t) { unpack_row(w, ids[t], &x_[size_t(t) * shape.d_model]); });
}

void Model::quantise(int tokens, const float* x, int width) {
  if (shape.type != INT8) return;
  const int groups = groups_of(width);
  q_.resize(std::max(q_.size(), size_t(tokens) * groups * GROUP));
  scale_.resize(std::max(scale_.size(), size_t(tokens) * groups));
  correction_.resize(std::max(correction_.size(), size_t(tokens) * groups));
  over_tokens(tokens, [&](int t) {
    kernels.quantise(x + size_t(t) * width, width, groups, &q_[size_t(t) * groups * GROUP],
                     &scale_[size_t(t) * groups], &correction_[size_t(t) * groups]);
  });
}

void Model::normalise(int tokens, const std::vector<float>& weight) {
  over_tokens(tokens, [&](int t) {
    const size_t at = size_t(t) * shape.d_model;
    kernels.normalise(&x_[at], weight.data(), shape.eps, shape.d_model, &h_[at]);
  });
}

void Model::multiply(const Matrix& w, int tokens, const float* x, int stride, Then then, float* out,
                     int out_stride) {
  quantise(tokens, x, w.inputs);
  Rows rows{x, stride, q_.data(), scale_.data(), correction_.data(), groups_of(w.inputs)};
  // Several chunks a thread, so that one that is held up leaves little undone.
  const int threads = pool_.threads();
  const int share = (w.panels + threads - 1) / threads;
  const int part = tokens == 1 ? std::min(share, 8) : std::max(1, std::min(8, w.panels / (3 * threads)));
  pool_.run((w.panels + part - 1) / part, [&](int chunk, int) {
    kernels.multiply(w, rows, tokens, chunk * part, std::min(w.panels, (chunk + 1) * part), then, out,
                     out_stride);
  });
}

namespace {
void rotate(float* head, const float* cos, const float* sin, int half) {
  for (int i = 0; i < half; i++) {
    const float a = head[i], b = head[i + half];
    head[i] = a * cos[i] - b * sin[i];
    head[i + half] = b * cos[i] + a * sin[i];
  }
}
}  // namespace

// Turns queries and keys by their positions; puts keys and values into the cache.
void Model::place(int at, const std::vector<Row>& rows, int tokens) {
  const int dim = shape.head_dim, width = (shape.heads + 2 * shape.kv_heads) * dim;
  const size_t layer = at * cache.head_floats * shape.kv_heads;
  std::vector<int> owner(tokens);
  for (size_t r = 0; r < rows.size(); r++) std::fill_n(owner.begin() + rows[r].first, rows[r].count, int(r));
  over_tokens(tokens, [&](int t) {
    const Row& row = rows[owner[t]];
    const int position = row.sequence->length + t - row.first;
    const float *cos = &cos_[size_t(position) * half_], *sin = &sin_[size_t(position) * half_];
    float* token = &qkv_[size_t(t) * width];
    for (int h = 0; h < shape.heads + shape.kv_heads; h++) rotate(token + h * dim, cos, sin, half_);
    float* page = cache.at(row.sequence->pages[position / BLOCK]) + layer;
    const int slot = position % BLOCK;
    for (int h = 0; h < shape.kv_heads; h++) {
      const float* key = token + (shape.heads + h) * dim;
      const float* value = token + (shape.heads + shape.kv_heads + h) * dim;
      float* keys = page + h * cache.head_floats;
      for (int d = 0; d < dim; d++) keys[d * BLOCK + slot] = key[d];
      std::memcpy(keys + size_t(dim) * BLOCK + size_t(slot) * cache.padded, value, sizeof(float) * dim);
    }
  });
}

void Model::attend(int at, const std::vector<Row>& rows) {
  const int dim = shape.head_dim, group = shape.heads / shape.kv_heads;
  const int width = (shape.heads + 2 * shape.kv_heads) * dim;
  struct Part { int row, first, count; };
  std::vector<Part> parts;
  for (size_t r = 0; r < rows.size(); r++)
    for (int t = 0; t < rows[r].count; t += QUERY_TOKENS)
      parts.push_back({int(r), t, std::min(QUERY_TOKENS, rows[r].count - t)});
  pool_.run(int(parts.size()) * shape.kv_heads, [&](int chunk, int thread) {
    const Part& part = parts[chunk / shape.kv_heads];
    const int head = chunk % shape.kv_heads;
    const Row& row = rows[part.row];
    const int position = row.sequence->length + part.first;
    const int blocks = (position + part.count - 1) / BLOCK + 1;
    std::vector<const float*> pages(blocks);
    const size_t offset = (size_t(at) * shape.kv_heads + head) * cache.head_floats;
    for (int b = 0; b < blocks; b++) pages[b] = cache.at(row.sequence->pages[b]) + offset;
    Attention a;
    a.q = qkv_.data() + size_t(head) * group * dim;
    a.q_stride = width;
    a.heads = group;
    a.head_dim = dim;
    a.head_dim_padded = cache.padded;
    a.scale = 1.0f / std::sqrt(float(dim));
    a.pages = pages.data();
    a.first_position = position;
    a.first = row.first + part.first;
    a.count = part.count;
    a.out = mixed_.data() + size_t(head) * group * dim;
    a.out_stride = shape.heads * dim;
    a.scratch = scratch_[thread].data();
    a.scratch_stride = shape.max_seq_len + BLOCK;
    kernels.attend(a);
  });
}

int Model::forward(int count, const int* sequences, const int* counts, const int* ids,
                   const uint8_t* want, float* logits) {
  std::vector<Row> rows;
  int tokens = 0;
  for (int r = 0; r < count; r++) {
    Sequence* s = cache.find(sequences[r]);
    if (!s || counts[r] < 1) return UNKNOWN;
    if (s->length + counts[r] > shape.max_seq_len) return TOO_LONG;
    rows.push_back({s, counts[r], tokens});
    tokens += counts[r];
  }
  for (int t = 0; t < tokens; t++)
    if (ids[t] < 0 || ids[t] >= shape.vocab) return UNKNOWN;
  for (auto& row : rows) cache.extend(*row.sequence, row.count);

  const int d = shape.d_model, q = shape.heads * shape.head_dim;
  const int width = q + 2 * shape.kv_heads * shape.head_dim;
  const auto room = [&](std::vector<float>& v, size_t n) { if (v.size() < n) v.resize(n); };
  room(x_, size_t(tokens) * d);
  room(h_, size_t(tokens) * d);
  room(qkv_, size_t(tokens) * width);
  room(mixed_, size_t(tokens) * q);
  room(mlp_, size_t(tokens) * shape.mlp);

  embed(tokens, ids);
  for (int l = 0; l < shape.layers; l++) {
    const Layer& layer = layers_[l];
    normalise(tokens, layer.attention_norm);
    multiply(layer.qkv, tokens, h_.data(), d, Then::STORE, qkv_.data(), width);
    place(l, rows, tokens);
    attend(l, rows);
    multiply(layer.mix, tokens, mixed_.data(), q, Then::ADD, x_.data(), d);
    normalise(tokens, layer.mlp_norm);
    multiply(layer.gate_up, tokens, h_.data(), d, Then::SWIGLU, mlp_.data(), shape.mlp);
    multiply(layer.down, tokens, mlp_.data(), shape.mlp, Then::ADD, x_.data(), d);
  }

  int wanted = 0;  // the rows of the stream whose logits are asked for move to its front
  for (int r = 0; r < count; r++) {
    const int end = rows[r].first + rows[r].count;
    for (int t = want[r] == EVERY ? rows[r].first : want[r] == LAST ? end - 1 : end; t < end; t++)
      std::memmove(&x_[size_t(wanted++) * d], &x_[size_t(t) * d], sizeof(float) * d);
    rows[r].sequence->length += rows[r].count;
  }
  if (wanted) {
    normalise(wanted, norm_);
    multiply(output_, wanted, h_.data(), d, Then::STORE, logits, shape.vocab);
  }
  return OK;
}

}  // namespace havoc
