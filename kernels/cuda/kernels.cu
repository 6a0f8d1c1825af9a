// All kernels as device code. The host code that launches them comes with the first device to run it on;
// until then this shows that they compile for each architecture, without spills or stack frames
// (tests/kernels/device_build.py).
#include "kernels/cuda/attention.cuh"
#include "kernels/cuda/int8_product.cuh"
#include "kernels/cuda/layer.cuh"
#include "kernels/cuda/lora_decode.cuh"
#include "kernels/cuda/lora_prefill.cuh"
#include "kernels/cuda/sampling.cuh"
