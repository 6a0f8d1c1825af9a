#include "kernels/cpu/kernel_table.hpp"

#include "kernels/base/half.hpp"
#include "kernels/cpu/packed_matrix.hpp"
#include "kernels/engine/packed_adapter.hpp"

#include <algorithm>
#include <bit>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <cmath>
#include <cstring>
#include <functional>
#include <random>

namespace {

using namespace troupe::kernels;

constexpr std::size_t rows = 20;
constexpr std::size_t columns = 512;

const std::vector<dtype> kinds{dtype::q8_0, dtype::q5_0, dtype::q4_0, dtype::q4_1, dtype::q5_1, dtype::q4_k,
                               dtype::q5_k, dtype::q6_k, dtype::f16,  dtype::bf16, dtype::f32};

std::vector<float> wavy(std::size_t count, float step) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = std::sin(static_cast<float>(i) * step) * (1 + static_cast<float>(i % 7));
  return values;
}

/// Any bytes are numbers of a kind, but its half precision scales are small here.
matrix stored(dtype type) {
  const auto& layout = layout_of(type);
  const auto bytes =
      std::make_shared<std::vector<std::byte>>(rows * columns / layout.block_elements * layout.block_bytes);
  std::mt19937 random(7);
  for (auto& byte : *bytes)
    byte = static_cast<std::byte>(random());
  const auto half_at = [&](std::size_t at) {
    const auto half = f16_of_float(0.01f * static_cast<float>(1 + random() % 50));
    std::memcpy(bytes->data() + at, &half, sizeof half);
  };
  for (std::size_t at = 0; at < bytes->size(); at += layout.block_bytes) {
    if (type == dtype::q6_k) {
      half_at(at + 208);
    } else if (layout.block_elements > 1) {
      half_at(at);
      if (type != dtype::q8_0 && type != dtype::q4_0 && type != dtype::q5_0)
        half_at(at + 2);
    } else {
      const auto value = wavy(1, 1)[0] + static_cast<float>(static_cast<int>(random() % 2'001) - 1'000) / 500;
      const auto bits = std::bit_cast<std::uint32_t>(value);
      const auto half = type == dtype::f16 ? f16_of_float(value) : bf16_of_float(value);
      type == dtype::f32 ? std::memcpy(bytes->data() + at, &bits, 4)
                         : std::memcpy(bytes->data() + at, &half, 2);
    }
  }
  return {tensor_view{type, {rows, columns}, *bytes}, bytes};
}

/// A tile of activations, as floats and as bytes.
struct tile {
  tile()
      : floats(wavy(token_tile * columns, 0.11f))
      , blocks(columns / int8_block) {
    for (std::size_t token = 0; token < token_tile; ++token)
      portable_kernels.quantise(floats.data() + token * columns, blocks.size(), blocks.data(), token);
  }

  tile_input input() const { return {blocks.data(), floats.data(), columns}; }
  double number(bool bytes, std::size_t token, std::size_t column) const {
    const auto& block = blocks[column / int8_block];
    if (!bytes)
      return static_cast<double>(floats[token * columns + column]);
    return static_cast<double>(block.scales[token]) * block.numbers[token][column % int8_block];
  }

  std::vector<float> floats;
  std::vector<int8_tile_block> blocks;
};

using numbers = std::vector<float>;

numbers run(instruction_set set, const packed_matrix& w, std::size_t panel, const tile& x,
            std::size_t count) {
  numbers out(token_tile * panel_rows);
  kernels_of(set).panels[static_cast<std::size_t>(w.kind())](w.panel(panel), columns, x.input(), count,
                                                             out.data());
  return out;
}

bool same_bits(const numbers& a, const numbers& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

numbers on(instruction_set set, const std::function<void(const kernel_table&, numbers&)>& work,
           std::size_t size = 512) {
  numbers out(size);
  work(kernels_of(set), out);
  return out;
}

void check_all_sets(const std::function<void(const kernel_table&, numbers&)>& work, std::size_t size = 512) {
  const auto wanted = on(instruction_set::portable, work, size);
  for (const auto set : available_instruction_sets())
    BOOST_TEST(same_bits(on(set, work, size), wanted), name_of(set));
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_tables)

BOOST_DATA_TEST_CASE(a_panel_is_the_product_of_what_is_stored, boost::unit_test::data::xrange(kinds.size())) {
  const auto w = stored(kinds[sample]);
  thread_team team(1);
  const packed_matrix packed(w, team);
  const tile x;
  BOOST_TEST(packed.panels() == 2u);
  const auto out = run(instruction_set::portable, packed, 1, x, 3);
  numbers scratch(columns);
  for (std::size_t token = 0; token < 3; ++token)
    for (std::size_t row = 16; row < rows; ++row) {
      const auto weights = w.row(row, scratch);
      double wanted = 0, size = 0;
      for (std::size_t i = 0; i < columns; ++i) {
        const double product = static_cast<double>(weights[i]) * x.number(packed.takes_bytes(), token, i);
        wanted += product;
        size += std::fabs(product);
      }
      BOOST_TEST(std::fabs(static_cast<double>(out[token * panel_rows + row - 16]) - wanted) <= 1e-5 * size,
                 name_of(kinds[sample]));
    }
  BOOST_TEST(out[4] == 0.0f); // a row beyond the last
}

BOOST_DATA_TEST_CASE(every_instruction_set_and_tile_gives_the_same_bits,
                     boost::unit_test::data::xrange(kinds.size())) {
  thread_team team(2);
  const packed_matrix packed(stored(kinds[sample]), team);
  const tile x;
  const auto whole = run(instruction_set::portable, packed, 0, x, token_tile);
  for (const auto set : available_instruction_sets())
    for (std::size_t count = 1; count <= token_tile; ++count) {
      auto wanted = whole;
      std::fill(wanted.begin() + static_cast<std::ptrdiff_t>(count * panel_rows), wanted.end(), 0.0f);
      BOOST_TEST(same_bits(run(set, packed, 0, x, count), wanted),
                 name_of(kinds[sample]) << ", " << name_of(set) << ", " << count << " tokens");
    }
}

BOOST_AUTO_TEST_CASE(the_lowest_byte_is_a_number_too) {
  std::vector<std::byte> bytes(34, std::byte{0x80}); // -128 throughout, which no quantiser writes
  bytes[0] = std::byte{0x00};
  bytes[1] = std::byte{0x3c};
  const auto holds = std::make_shared<const std::vector<std::byte>>(bytes);
  thread_team team(1);
  const packed_matrix packed({tensor_view{dtype::q8_0, {1, 32}, *holds}, holds}, team);
  for (const auto set : available_instruction_sets()) {
    const numbers x(32, 127);
    int8_tile_block block{};
    kernels_of(set).quantise(x.data(), 1, &block, 0);
    numbers out(panel_rows);
    kernels_of(set).panels[0](packed.panel(0), 32, {&block, x.data(), 32}, 1, out.data());
    BOOST_TEST(out[0] == -128.0f * 127 * 32, name_of(set));
  }
}

BOOST_AUTO_TEST_CASE(activations_are_rounded_to_their_blocks_levels) {
  numbers values(32);
  values[0] = -254;
  values[1] = 3;
  for (const auto set : available_instruction_sets()) {
    int8_tile_block block{};
    kernels_of(set).quantise(values.data(), 1, &block, 5);
    BOOST_TEST(block.scales[5] == 2.0f);
    BOOST_TEST(block.numbers[5][0] == -127);
    BOOST_TEST(block.numbers[5][1] == 2); // 1.5, to the even one
    BOOST_TEST(block.biases[5] == 128 * 125);
    BOOST_TEST(block.totals[5] == -250.0f);
  }
}

BOOST_AUTO_TEST_CASE(lora_is_near_its_definition_and_the_same_bits_everywhere) {
  lora pair{5, 20, 38, 0.5f, wavy(5 * 38, 0.3f), wavy(20 * 5, 0.7f)};
  const packed_lora packed(pair);
  BOOST_TEST(packed.octets == 1u);
  BOOST_TEST(packed.rank == 6u);
  numbers x(3 * 48);
  for (std::size_t i = 0; i < 3; ++i)
    std::ranges::copy(wavy(38, 0.2f * static_cast<float>(i + 1)),
                      x.begin() + static_cast<std::ptrdiff_t>(i * 48));
  const auto work = [&](const kernel_table& by, numbers& out) {
    numbers hidden(3 * 8);
    by.shrink(packed.octet(0), packed.columns, x.data(), 48, 3, packed.scale, hidden.data(), 8);
    for (std::size_t panel = 0; panel < 2; ++panel)
      by.expand(packed.panel(panel), packed.rank, hidden.data(), 8, 3, out.data() + panel * 3 * panel_rows);
  };
  check_all_sets(work, 2 * 3 * panel_rows);
  const auto out = on(instruction_set::portable, work, 2 * 3 * panel_rows);
  for (std::size_t token = 0; token < 3; ++token)
    for (std::size_t row = 0; row < 20; ++row) {
      double wanted = 0, size = 0;
      for (std::size_t r = 0; r < 5; ++r)
        for (std::size_t c = 0; c < 38; ++c) {
          const double product = 0.5 * static_cast<double>(pair.up[row * 5 + r]) *
                                 static_cast<double>(pair.down[r * 38 + c]) *
                                 static_cast<double>(x[token * 48 + c]);
          wanted += product;
          size += std::fabs(product);
        }
      const auto ours = out[row / panel_rows * 3 * panel_rows + token * panel_rows + row % panel_rows];
      BOOST_TEST(std::fabs(static_cast<double>(ours) - wanted) <= 8e-3 * size);
    }
}

BOOST_AUTO_TEST_CASE(rows_have_the_same_bits_everywhere) {
  const auto x = wavy(512, 0.013f);
  const auto scale = wavy(512, 0.021f);
  check_all_sets([&](const kernel_table& by, numbers& out) {
    by.normalise_rms(x.data(), scale.data(), 1e-5, 500, out.data());
  });
  check_all_sets([&](const kernel_table& by, numbers& out) {
    by.normalise_mean(x.data(), scale.data(), x.data(), 1e-5, 500, out.data());
  });
  check_all_sets([&](const kernel_table& by, numbers& out) {
    out = x;
    by.gate(scale.data(), out.data(), 512);
  });
  check_all_sets([&](const kernel_table& by, numbers& out) {
    out = x;
    by.gelu(out.data(), 512);
  });
}

BOOST_AUTO_TEST_CASE(activations_are_near_their_definitions) {
  numbers x(4'096);
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<float>(static_cast<int>(i) - 2'048) / 16;
  auto gated = numbers(x.size(), 1.0f);
  portable_kernels.gate(x.data(), gated.data(), x.size());
  auto bent = x;
  portable_kernels.gelu(bent.data(), x.size());
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto value = static_cast<double>(x[i]);
    const double silu = value / (1 + std::exp(-value));
    const double gelu =
        value / 2 * (1 + std::tanh(0.7978845608028654 * (value + 0.044715 * value * value * value)));
    worst = std::max(worst, std::fabs(static_cast<double>(gated[i]) - silu) / (1 + std::fabs(silu)));
    worst = std::max(worst, std::fabs(static_cast<double>(bent[i]) - gelu) / (1 + std::fabs(gelu)));
  }
  BOOST_TEST(worst < 1e-6);
}

BOOST_AUTO_TEST_CASE(what_is_too_large_for_half_precision_is_the_largest_half) {
  numbers x(16, 1e30f);
  x[1] = -1e30f;
  for (const auto set : available_instruction_sets()) {
    std::uint16_t halves[16];
    kernels_of(set).to_f16(x.data(), 16, halves);
    BOOST_TEST(float_of_f16(halves[0]) == 65'504.0f);
    BOOST_TEST(float_of_f16(halves[1]) == -65'504.0f);
  }
}

BOOST_AUTO_TEST_SUITE_END()
