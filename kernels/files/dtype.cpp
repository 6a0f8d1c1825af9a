#include "kernels/files/dtype.hpp"

#include "kernels/base/checked.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace troupe::kernels {

namespace {

constexpr std::array<dtype_layout, 22> layouts{{
    {"F32", 1, 4},      {"F16", 1, 2},    {"BF16", 1, 2},   {"F64", 1, 8},      {"I8", 1, 1},
    {"I16", 1, 2},      {"I32", 1, 4},    {"I64", 1, 8},    {"U8", 1, 1},       {"U16", 1, 2},
    {"U32", 1, 4},      {"U64", 1, 8},    {"BOOL", 1, 1},   {"Q4_0", 32, 18},   {"Q4_1", 32, 20},
    {"Q5_0", 32, 22},   {"Q5_1", 32, 24}, {"Q8_0", 32, 34}, {"Q4_K", 256, 144}, {"Q5_K", 256, 176},
    {"Q6_K", 256, 210}, {"other", 1, 0},
}};

struct ggml_kind {
  std::uint32_t number;
  std::string_view name;
  dtype type;
};

constexpr std::array<ggml_kind, 34> ggml_kinds{{
    {0, "F32", dtype::f32},       {1, "F16", dtype::f16},        {2, "Q4_0", dtype::q4_0},
    {3, "Q4_1", dtype::q4_1},     {6, "Q5_0", dtype::q5_0},      {7, "Q5_1", dtype::q5_1},
    {8, "Q8_0", dtype::q8_0},     {9, "Q8_1", dtype::other},     {10, "Q2_K", dtype::other},
    {11, "Q3_K", dtype::other},   {12, "Q4_K", dtype::q4_k},     {13, "Q5_K", dtype::q5_k},
    {14, "Q6_K", dtype::q6_k},    {15, "Q8_K", dtype::other},    {16, "IQ2_XXS", dtype::other},
    {17, "IQ2_XS", dtype::other}, {18, "IQ3_XXS", dtype::other}, {19, "IQ1_S", dtype::other},
    {20, "IQ4_NL", dtype::other}, {21, "IQ3_S", dtype::other},   {22, "IQ2_S", dtype::other},
    {23, "IQ4_XS", dtype::other}, {24, "I8", dtype::i8},         {25, "I16", dtype::i16},
    {26, "I32", dtype::i32},      {27, "I64", dtype::i64},       {28, "F64", dtype::f64},
    {29, "IQ1_M", dtype::other},  {30, "BF16", dtype::bf16},     {34, "TQ1_0", dtype::other},
    {35, "TQ2_0", dtype::other},  {39, "MXFP4", dtype::other},   {40, "NVFP4", dtype::other},
    {41, "Q1_0", dtype::other},
}};

const ggml_kind* find_ggml(std::uint32_t number) noexcept {
  const auto* found = std::ranges::find(ggml_kinds, number, &ggml_kind::number);
  return found == ggml_kinds.end() ? nullptr : found;
}

constexpr auto plain_kinds = {dtype::f32, dtype::f16, dtype::bf16,   dtype::f64, dtype::i8,
                              dtype::i16, dtype::i32, dtype::i64,    dtype::u8,  dtype::u16,
                              dtype::u32, dtype::u64, dtype::boolean};

} // namespace

const dtype_layout& layout_of(dtype type) noexcept { return layouts[static_cast<std::size_t>(type)]; }

bool is_weight(dtype type) noexcept {
  return type <= dtype::f64 || (type >= dtype::q4_0 && type <= dtype::q6_k);
}

std::optional<std::uint64_t> bytes_of(dtype type, std::uint64_t elements) noexcept {
  const auto& layout = layout_of(type);
  if (layout.block_bytes == 0 || elements % layout.block_elements != 0)
    return std::nullopt;
  return checked_multiply<std::uint64_t>(elements / layout.block_elements, layout.block_bytes);
}

dtype dtype_of_ggml(std::uint32_t number) noexcept {
  const auto* kind = find_ggml(number);
  return kind ? kind->type : dtype::other;
}

std::optional<std::uint32_t> ggml_number(dtype type) noexcept {
  const auto* found = std::ranges::find(ggml_kinds, type, &ggml_kind::type);
  if (type == dtype::other || found == ggml_kinds.end())
    return std::nullopt;
  return found->number;
}

std::string_view name_of_ggml(std::uint32_t number) noexcept {
  const auto* kind = find_ggml(number);
  return kind ? kind->name : "an unknown kind";
}

dtype dtype_of_safetensors(std::string_view name) noexcept {
  const auto* found = std::ranges::find_if(plain_kinds, [name](dtype type) { return name_of(type) == name; });
  return found == plain_kinds.end() ? dtype::other : *found;
}

std::optional<std::string_view> safetensors_name(dtype type) noexcept {
  if (std::ranges::find(plain_kinds, type) == plain_kinds.end())
    return std::nullopt;
  return name_of(type);
}

} // namespace troupe::kernels
