// The plain C face of the library; ctypes calls nothing else.

#include <new>

#include "choose.h"
#include "model.h"

#define HAVOC_EXPORT extern "C" __attribute__((visibility("default")))

#ifndef HAVOC_SOURCE
#define HAVOC_SOURCE "unknown"
#endif

using namespace havoc;

HAVOC_EXPORT const char* havoc_source() { return HAVOC_SOURCE; }

HAVOC_EXPORT const char* havoc_kernels(int instructions) { return kernels_for(instructions).name; }

HAVOC_EXPORT Model* havoc_model_new(const Shape* shape, const float* cos, const float* sin) {
  try {
    return new Model(*shape, cos, sin);
  } catch (...) {
    return nullptr;
  }
}

HAVOC_EXPORT void havoc_model_free(Model* model) { delete model; }

HAVOC_EXPORT int havoc_model_load(Model* model, int which, int layer, const float* data) {
  return model->load(Weight(which), layer, data);
}

HAVOC_EXPORT size_t havoc_weight_bytes(Model* model) { return model->weight_bytes(); }

HAVOC_EXPORT size_t havoc_cache_bytes(Model* model) {
  std::lock_guard<std::mutex> lock(model->mutex);
  return model->cache.bytes();
}

HAVOC_EXPORT int havoc_cache_pages(Model* model) {
  std::lock_guard<std::mutex> lock(model->mutex);
  return model->cache.pages_in_use();
}

HAVOC_EXPORT int havoc_cache_reserve(Model* model, int tokens) {
  std::lock_guard<std::mutex> lock(model->mutex);
  try {
    model->cache.reserve(tokens);
    return OK;
  } catch (...) {
    return NO_MEMORY;
  }
}

HAVOC_EXPORT int havoc_sequence_new(Model* model) {
  std::lock_guard<std::mutex> lock(model->mutex);
  try {
    return model->cache.open();
  } catch (...) {
    return NO_MEMORY;
  }
}

HAVOC_EXPORT int havoc_sequence_fork(Model* model, int sequence, int length) {
  std::lock_guard<std::mutex> lock(model->mutex);
  Sequence* from = model->cache.find(sequence);
  if (!from || length < 0 || length > from->length) return UNKNOWN;
  try {
    return model->cache.fork(*from, length);
  } catch (...) {
    return NO_MEMORY;
  }
}

HAVOC_EXPORT int havoc_sequence_length(Model* model, int sequence) {
  std::lock_guard<std::mutex> lock(model->mutex);
  Sequence* s = model->cache.find(sequence);
  return s ? s->length : UNKNOWN;
}

HAVOC_EXPORT void havoc_sequence_free(Model* model, int sequence) {
  std::lock_guard<std::mutex> lock(model->mutex);
  model->cache.close(sequence);
}

HAVOC_EXPORT int havoc_forward(Model* model, int rows, const int* sequences, const int* counts,
                               const int* tokens, const uint8_t* want, float* logits) {
  std::lock_guard<std::mutex> lock(model->mutex);
  try {
    return model->forward(rows, sequences, counts, tokens, want, logits);
  } catch (...) {
    return NO_MEMORY;
  }
}

HAVOC_EXPORT int havoc_choose(Choice* choice) {
  try {
    choose(*choice);
    return OK;
  } catch (...) {
    return NO_MEMORY;
  }
}
