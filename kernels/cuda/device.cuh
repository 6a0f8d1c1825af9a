#pragma once

// What kernels may use of a device, twice: for nvcc, and for the emulator of the tests, where every thread is
// a fiber (tests/kernels/emulator). Kernels use nothing else, so what CI proves is what a device runs.

#include <cstddef>
#include <cstdint>

#ifdef TROUPE_EMULATED
#define TROUPE_KERNEL inline
#define TROUPE_DEVICE inline
#else
#define TROUPE_KERNEL __global__
#define TROUPE_DEVICE __device__ __forceinline__
#endif

namespace troupe::kernels::cuda {

constexpr unsigned warp_size = 32;

/// Four and two accumulators and operands of one lane of an m16n8k16 product.
struct mma_a {
  std::uint32_t part[4];
};
struct mma_b {
  std::uint32_t part[2];
};
struct mma_c {
  float part[4];
};

struct alignas(16) bytes16 {
  std::uint32_t part[4];
};

#ifdef TROUPE_EMULATED

unsigned thread_index();
unsigned thread_count();
unsigned block_x();
unsigned block_y();
unsigned block_z();
unsigned grid_x();

/// Every thread of the block comes here before any goes on.
void sync_threads();
/// The same for the lanes of a warp, and what they wrote to shared memory.
void sync_warp();
/// The value of the lane whose number differs in these bits; all lanes of the warp take part.
float shuffle_xor(float value, unsigned bits);
std::uint32_t shuffle_xor(std::uint32_t value, unsigned bits);
/// c += a b, the lanes of a warp together: a is 16 rows by 16, b 16 by 8, as mma.m16n8k16 lays them out.
void multiply_add(mma_c& c, const mma_a& a, const mma_b& b);
/// 16 bytes from global to shared memory, there only after a wait.
void copy_async(void* shared, const void* global);
void copy_async_commit();
/// Waits until at most `pending` groups of this thread are under way.
void copy_async_wait(unsigned pending);
void* shared_memory(unsigned which, std::size_t bytes);

#define TROUPE_SHARED(type, name, count)                                                                     \
  type* const name =                                                                                         \
      static_cast<type*>(::troupe::kernels::cuda::shared_memory(__COUNTER__, sizeof(type) * (count)))

#else

TROUPE_DEVICE unsigned thread_index() { return threadIdx.x; }
TROUPE_DEVICE unsigned thread_count() { return blockDim.x; }
TROUPE_DEVICE unsigned block_x() { return blockIdx.x; }
TROUPE_DEVICE unsigned block_y() { return blockIdx.y; }
TROUPE_DEVICE unsigned block_z() { return blockIdx.z; }
TROUPE_DEVICE unsigned grid_x() { return gridDim.x; }

TROUPE_DEVICE void sync_threads() { __syncthreads(); }
TROUPE_DEVICE void sync_warp() { __syncwarp(); }
TROUPE_DEVICE float shuffle_xor(float value, unsigned bits) {
  return __shfl_xor_sync(0xffffffffu, value, static_cast<int>(bits));
}
TROUPE_DEVICE std::uint32_t shuffle_xor(std::uint32_t value, unsigned bits) {
  return __shfl_xor_sync(0xffffffffu, value, static_cast<int>(bits));
}

TROUPE_DEVICE void multiply_add(mma_c& c, const mma_a& a, const mma_b& b) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
               "{%0,%1,%2,%3};"
               : "+f"(c.part[0]), "+f"(c.part[1]), "+f"(c.part[2]), "+f"(c.part[3])
               : "r"(a.part[0]), "r"(a.part[1]), "r"(a.part[2]), "r"(a.part[3]), "r"(b.part[0]),
                 "r"(b.part[1]));
}

TROUPE_DEVICE void copy_async(void* shared, const void* global) {
  const auto to = static_cast<std::uint32_t>(__cvta_generic_to_shared(shared));
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(global));
}
TROUPE_DEVICE void copy_async_commit() { asm volatile("cp.async.commit_group;"); }
TROUPE_DEVICE void copy_async_wait(unsigned pending) {
  if (pending == 0)
    asm volatile("cp.async.wait_group 0;");
  else if (pending == 1)
    asm volatile("cp.async.wait_group 1;");
  else
    asm volatile("cp.async.wait_group 2;");
}

#define TROUPE_SHARED(type, name, count) __shared__ alignas(16) type name[count]

#endif

// ---- the same for both ----

/// A float with the upper half of its bits.
struct bf16 {
  std::uint16_t bits;
};

union float_bits {
  float value;
  std::uint32_t bits;
};

TROUPE_DEVICE float to_float(bf16 v) {
  float_bits f;
  f.bits = static_cast<std::uint32_t>(v.bits) << 16;
  return f.value;
}

/// Rounded to nearest, ties to even. Infinities stay; a NaN stays one.
TROUPE_DEVICE bf16 to_bf16(float v) {
  float_bits f;
  f.value = v;
  bf16 out;
  if ((f.bits & 0x7fffffffu) > 0x7f800000u) {
    out.bits = static_cast<std::uint16_t>((f.bits >> 16) | 0x40u);
    return out;
  }
  out.bits = static_cast<std::uint16_t>((f.bits + 0x7fffu + ((f.bits >> 16) & 1u)) >> 16);
  return out;
}

/// Both halves of a word: the lower one first.
TROUPE_DEVICE float low_half(std::uint32_t two) {
  float_bits f;
  f.bits = two << 16;
  return f.value;
}
TROUPE_DEVICE float high_half(std::uint32_t two) {
  float_bits f;
  f.bits = two & 0xffff0000u;
  return f.value;
}
TROUPE_DEVICE std::uint32_t packed(float low, float high) {
  return static_cast<std::uint32_t>(to_bf16(low).bits) | static_cast<std::uint32_t>(to_bf16(high).bits) << 16;
}

/// The sum over a warp, in every lane and in one order.
TROUPE_DEVICE float warp_sum(float value) {
  for (unsigned bits = warp_size / 2; bits > 0; bits /= 2)
    value += shuffle_xor(value, bits);
  return value;
}
TROUPE_DEVICE float warp_max(float value) {
  for (unsigned bits = warp_size / 2; bits > 0; bits /= 2) {
    const float other = shuffle_xor(value, bits);
    value = value > other ? value : other;
  }
  return value;
}

} // namespace troupe::kernels::cuda
