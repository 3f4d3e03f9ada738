// One set of vector operations under three instruction sets. The file that includes this one says
// which: HAVOC_ISA is 512 (AVX-512 with VNNI), 256 (AVX2 with FMA) or 0 (plain C++).
//
// Every lane sums its products one after the other, whatever the width and however many rows share
// a block, so a result depends neither on the batch nor, between the two x86 sets, on the machine.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#if HAVOC_ISA
#include <immintrin.h>
#endif

#define HAVOC_INLINE static inline __attribute__((always_inline))

namespace HAVOC_NAMESPACE {

#if HAVOC_ISA == 512

constexpr int WIDTH = 16;
using vf = __m512;
using vi = __m512i;
HAVOC_INLINE vf load(const float* p) { return _mm512_loadu_ps(p); }
HAVOC_INLINE void store(float* p, vf a) { _mm512_storeu_ps(p, a); }
HAVOC_INLINE vf all(float a) { return _mm512_set1_ps(a); }
HAVOC_INLINE vf fma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
HAVOC_INLINE vf larger(vf a, vf b) { return _mm512_max_ps(a, b); }
HAVOC_INLINE vf smaller(vf a, vf b) { return _mm512_min_ps(a, b); }
HAVOC_INLINE vf rounded(vf a) { return _mm512_roundscale_ps(a, 8); }
HAVOC_INLINE vf times_power_of_two(vf a, vf n) { return _mm512_scalef_ps(a, n); }
HAVOC_INLINE vi iload(const void* p) { return _mm512_loadu_si512(p); }
HAVOC_INLINE vi iall(int32_t a) { return _mm512_set1_epi32(a); }
HAVOC_INLINE vf from_int(vi a) { return _mm512_cvtepi32_ps(a); }
HAVOC_INLINE vf low_bf16(vi a) { return _mm512_castsi512_ps(_mm512_slli_epi32(a, 16)); }
HAVOC_INLINE vf high_bf16(vi a) {
  return _mm512_castsi512_ps(_mm512_and_si512(a, _mm512_set1_epi32(int32_t(0xffff0000))));
}
HAVOC_INLINE vf load_half(const uint16_t* p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}
// Four products of unsigned weights (biased by 128) and signed activations, added to each lane.
HAVOC_INLINE vi dot4(vi sum, vi weights, int32_t activations) {
  return _mm512_dpbusd_epi32(sum, weights, _mm512_set1_epi32(activations));
}
HAVOC_INLINE vi dot_start(int32_t correction) { return _mm512_set1_epi32(-correction); }

#elif HAVOC_ISA == 256

constexpr int WIDTH = 8;
using vf = __m256;
using vi = __m256i;
HAVOC_INLINE vf load(const float* p) { return _mm256_loadu_ps(p); }
HAVOC_INLINE void store(float* p, vf a) { _mm256_storeu_ps(p, a); }
HAVOC_INLINE vf all(float a) { return _mm256_set1_ps(a); }
HAVOC_INLINE vf fma(vf a, vf b, vf c) { return _mm256_fmadd_ps(a, b, c); }
HAVOC_INLINE vf larger(vf a, vf b) { return _mm256_max_ps(a, b); }
HAVOC_INLINE vf smaller(vf a, vf b) { return _mm256_min_ps(a, b); }
HAVOC_INLINE vf rounded(vf a) { return _mm256_round_ps(a, 8); }
HAVOC_INLINE vf times_power_of_two(vf a, vf n) {
  vi e = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
  return _mm256_mul_ps(a, _mm256_castsi256_ps(e));
}
HAVOC_INLINE vi iload(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
HAVOC_INLINE vi iall(int32_t a) { return _mm256_set1_epi32(a); }
HAVOC_INLINE vf from_int(vi a) { return _mm256_cvtepi32_ps(a); }
HAVOC_INLINE vf low_bf16(vi a) { return _mm256_castsi256_ps(_mm256_slli_epi32(a, 16)); }
HAVOC_INLINE vf high_bf16(vi a) {
  return _mm256_castsi256_ps(_mm256_and_si256(a, _mm256_set1_epi32(int32_t(0xffff0000))));
}
HAVOC_INLINE vf load_half(const uint16_t* p) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}
HAVOC_INLINE vi dot4(vi sum, vi weights, int32_t activations) {
  // maddubs saturates with weights above 127, so the bias is taken off and the sign moved over.
  vi w = _mm256_xor_si256(weights, _mm256_set1_epi8(char(0x80)));
  vi a = _mm256_sign_epi8(_mm256_set1_epi32(activations), w);
  vi pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w), a);
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}
HAVOC_INLINE vi dot_start(int32_t) { return _mm256_setzero_si256(); }

#else

constexpr int WIDTH = 4;
typedef float vf __attribute__((vector_size(16)));
typedef int32_t vi __attribute__((vector_size(16)));
HAVOC_INLINE vf load(const float* p) { vf a; std::memcpy(&a, p, sizeof a); return a; }
HAVOC_INLINE void store(float* p, vf a) { std::memcpy(p, &a, sizeof a); }
HAVOC_INLINE vf all(float a) { return vf{a, a, a, a}; }
HAVOC_INLINE vf fma(vf a, vf b, vf c) { return a * b + c; }
HAVOC_INLINE vf larger(vf a, vf b) { return a > b ? a : b; }
HAVOC_INLINE vf smaller(vf a, vf b) { return a < b ? a : b; }
HAVOC_INLINE vf rounded(vf a) {
  for (int i = 0; i < WIDTH; i++) a[i] = std::nearbyint(a[i]);
  return a;
}
HAVOC_INLINE vf times_power_of_two(vf a, vf n) {
  vi e = (__builtin_convertvector(n, vi) + 127) << 23;
  vf power;
  std::memcpy(&power, &e, sizeof e);
  return a * power;
}
HAVOC_INLINE vi iload(const void* p) { vi a; std::memcpy(&a, p, sizeof a); return a; }
HAVOC_INLINE vi iall(int32_t a) { return vi{a, a, a, a}; }
HAVOC_INLINE vf from_int(vi a) { return __builtin_convertvector(a, vf); }
HAVOC_INLINE vf bits_to_float(vi a) { vf b; std::memcpy(&b, &a, sizeof b); return b; }
HAVOC_INLINE vf low_bf16(vi a) { return bits_to_float(a << 16); }
HAVOC_INLINE vf high_bf16(vi a) { return bits_to_float(a & int32_t(0xffff0000)); }
HAVOC_INLINE float half_to_float(uint16_t h) {
  uint32_t sign = uint32_t(h & 0x8000) << 16, rest = h & 0x7fff, bits;
  if (rest >= 0x7c00) bits = sign | 0x7f800000 | ((rest & 0x3ff) << 13);
  else if (rest >= 0x400) bits = sign | ((rest + 0x1c000) << 13);
  else {
    float small = float(rest) * 5.9604644775390625e-08f;  // 2^-24
    std::memcpy(&bits, &small, 4);
    bits |= sign;
  }
  float f;
  std::memcpy(&f, &bits, 4);
  return f;
}
HAVOC_INLINE vf load_half(const uint16_t* p) {
  return vf{half_to_float(p[0]), half_to_float(p[1]), half_to_float(p[2]), half_to_float(p[3])};
}
HAVOC_INLINE vi dot4(vi sum, vi weights, int32_t activations) {
  for (int j = 0; j < 4; j++) {
    vi w = (weights >> (8 * j)) & 255;
    sum += w * int32_t(int8_t(activations >> (8 * j)));
  }
  return sum;
}
HAVOC_INLINE vi dot_start(int32_t correction) { return iall(-correction); }

#endif

HAVOC_INLINE float sum_lanes(vf a) {
  float lanes[WIDTH];
  store(lanes, a);
  // Pairs at distance WIDTH/2, then /4 ...: from 16 lanes down every set adds in the same order.
  for (int step = WIDTH / 2; step; step /= 2)
    for (int i = 0; i < step; i++) lanes[i] += lanes[i + step];
  return lanes[0];
}

HAVOC_INLINE float max_lanes(vf a) {
  float lanes[WIDTH];
  store(lanes, a);
  float best = lanes[0];
  for (int i = 1; i < WIDTH; i++) best = lanes[i] > best ? lanes[i] : best;
  return best;
}

// e^x by a polynomial of degree 6 on [-ln2/2, ln2/2] (Cephes expf); relative error below 2e-7.
HAVOC_INLINE vf exponential(vf x) {
  x = smaller(larger(x, all(-87.0f)), all(88.0f));
  vf n = rounded(x * all(1.44269504088896341f));
  vf r = fma(n, all(-0.693359375f), x);
  r = fma(n, all(2.12194440e-4f), r);
  vf p = all(1.9875691500e-4f);
  p = fma(p, r, all(1.3981999507e-3f));
  p = fma(p, r, all(8.3334519073e-3f));
  p = fma(p, r, all(4.1665795894e-2f));
  p = fma(p, r, all(1.6666665459e-1f));
  p = fma(p, r, all(5.0000001201e-1f));
  p = fma(p, r * r, r + all(1.0f));
  return times_power_of_two(p, n);
}

}  // namespace HAVOC_NAMESPACE
