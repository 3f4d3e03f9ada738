// The kernels under one instruction set.
#if defined(__x86_64__)
// System headers stand before the target: their inline functions are shared with other files.
#include <immintrin.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c")
#endif
#define HAVOC_ISA 512
#define HAVOC_NAMESPACE havoc_avx512
#include "kernels.inc"

const havoc::Kernels havoc::kernels_avx512 = {
    "avx512", havoc_avx512::multiply, havoc_avx512::normalise, havoc_avx512::quantise,
    havoc_avx512::attend, havoc_avx512::largest, havoc_avx512::log_sum_exp};
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
