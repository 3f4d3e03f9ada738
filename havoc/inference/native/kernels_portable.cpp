// The kernels under one instruction set.
#define HAVOC_ISA 0
#define HAVOC_NAMESPACE havoc_portable
#include "kernels.inc"

const havoc::Kernels havoc::kernels_portable = {
    "portable", havoc_portable::multiply, havoc_portable::normalise, havoc_portable::quantise,
    havoc_portable::attend, havoc_portable::largest, havoc_portable::log_sum_exp};
