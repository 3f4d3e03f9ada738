// Packing of weights; the layouts are those of kernels.h.
#pragma once

#include <cmath>
#include <cstring>

#include "kernels.h"

namespace havoc {

inline uint16_t to_bfloat16(float f) {
  uint32_t bits;
  std::memcpy(&bits, &f, 4);
  return uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

inline float from_bfloat16(uint16_t h) {
  const uint32_t bits = uint32_t(h) << 16;
  float f;
  std::memcpy(&f, &bits, 4);
  return f;
}

// Nearest float16 of a number that is neither negative nor infinite.
inline uint16_t to_half(float f) {
  if (f >= 65504.0f) return 0x7bff;
  if (f < 6.103515625e-05f) return uint16_t(std::nearbyint(f * 16777216.0f));  // subnormal: 2^-24
  uint32_t bits;
  std::memcpy(&bits, &f, 4);
  bits += 0xfff + (bits >> 13 & 1);
  return uint16_t((bits - 0x38000000) >> 13);
}

inline float from_half(uint16_t h) {
  if (h < 0x400) return float(h) * 5.9604644775390625e-08f;
  const uint32_t bits = (uint32_t(h) + 0x1c000) << 13;
  float f;
  std::memcpy(&f, &bits, 4);
  return f;
}

constexpr size_t GROUP_BYTES = size_t(GROUP) * PANEL + PANEL * 2;

inline int groups_of(int inputs) { return (inputs + GROUP - 1) / GROUP; }

inline size_t panel_bytes(Type type, int inputs) {
  switch (type) {
    case BFLOAT16: return size_t(inputs + 1) / 2 * PANEL * 4;
    case INT8: return size_t(groups_of(inputs)) * GROUP_BYTES;
    default: return size_t(inputs) * PANEL * 4;
  }
}

inline void pack_int8(uint8_t* panel, int lane, int inputs, const float* row) {
  for (int g = 0; g < groups_of(inputs); g++) {
    const int n = inputs - g * GROUP < GROUP ? inputs - g * GROUP : GROUP;
    float most = 0;
    for (int i = 0; i < n; i++) most = std::fmax(most, std::fabs(row[g * GROUP + i]));
    // As ggml does: the scale is rounded only after it has been divided by.
    const float step = most / 127.0f, inverse = step > 0 ? 1.0f / step : 0.0f;
    const uint16_t scale = to_half(step);
    uint8_t* group = panel + size_t(g) * GROUP_BYTES;
    for (int i = 0; i < GROUP; i++) {
      const float q = i < n ? std::round(row[g * GROUP + i] * inverse) : 0.0f;
      group[(i / 4) * (PANEL * 4) + lane * 4 + i % 4] = uint8_t(int(q) + 128);
    }
    std::memcpy(group + size_t(GROUP) * PANEL + lane * 2, &scale, 2);
  }
}

inline void pack_row(Matrix& w, int output, const float* row) {
  uint8_t* panel = w.data + size_t(output / PANEL) * w.panel_bytes;
  const int lane = output % PANEL;
  if (w.type == INT8) return pack_int8(panel, lane, w.inputs, row);
  for (int k = 0; k < w.inputs; k++) {
    if (w.type == BFLOAT16) {
      const uint16_t h = to_bfloat16(row[k]);
      std::memcpy(panel + (size_t(k / 2) * PANEL + lane) * 4 + k % 2 * 2, &h, 2);
    } else {
      std::memcpy(panel + (size_t(k) * PANEL + lane) * 4, row + k, 4);
    }
  }
}

// The row as the kernels see it, back in float32.
inline void unpack_row(const Matrix& w, int output, float* row) {
  const uint8_t* panel = w.data + size_t(output / PANEL) * w.panel_bytes;
  const int lane = output % PANEL;
  for (int k = 0; k < w.inputs; k++) {
    if (w.type == INT8) {
      const uint8_t* group = panel + size_t(k / GROUP) * GROUP_BYTES;
      uint16_t scale;
      std::memcpy(&scale, group + size_t(GROUP) * PANEL + lane * 2, 2);
      const int i = k % GROUP;
      row[k] = float(int(group[(i / 4) * (PANEL * 4) + lane * 4 + i % 4]) - 128) * from_half(scale);
    } else if (w.type == BFLOAT16) {
      uint16_t h;
      std::memcpy(&h, panel + (size_t(k / 2) * PANEL + lane) * 4 + k % 2 * 2, 2);
      row[k] = from_bfloat16(h);
    } else {
      std::memcpy(row + k, panel + (size_t(k) * PANEL + lane) * 4, 4);
    }
  }
}

}  // namespace havoc
