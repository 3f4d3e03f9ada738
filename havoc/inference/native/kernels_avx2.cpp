// The kernels under one instruction set.
#if defined(__x86_64__)
// System headers stand before the target: their inline functions are shared with other files.
#include <immintrin.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c")
#endif
#define HAVOC_ISA 256
#define HAVOC_NAMESPACE havoc_avx2
#include "kernels.inc"

const havoc::Kernels havoc::kernels_avx2 = {
    "avx2", havoc_avx2::multiply, havoc_avx2::normalise, havoc_avx2::quantise,
    havoc_avx2::attend, havoc_avx2::largest, havoc_avx2::log_sum_exp};
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
