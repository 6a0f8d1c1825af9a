#include "kernels/files/gguf.hpp"
#include "kernels/files/gguf_writer.hpp"
#include "tests/unit/kernels/files/gguf_bytes.hpp"
#include "tests/unit/kernels/files/scratch.hpp"

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;

struct written : scratch {
  written() {
    gguf_writer out;
    out.set_text("general.name", "old");
    out.set_count("a.count", 7);
    out.set_number("a.number", 0.5f);
    out.set_flag("a.flag", true);
    out.set_texts("words", {"one", "", "drei"});
    out.set_numbers("scores", {-1.5f, 2});
    out.set_integers("types", {-3, 4});
    out.set_text("general.name", "tiny");
    out.add(f32_tensor("w", {2, 3}, {1, 2, 3, 4, 5, 6}));
    out.add(f32_tensor("v", {1}, {9}));
    BOOST_REQUIRE(out.write(in("a.gguf")).has_value());
  }
  gguf_file file() const { return gguf_file::open(in("a.gguf")).value(); }
};

float float_at(const tensor_view& tensor, std::size_t index) {
  float value = 0;
  std::memcpy(&value, tensor.bytes.data() + index * sizeof value, sizeof value);
  return value;
}

constexpr auto words_in = [](const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(gguf_files, written)

BOOST_AUTO_TEST_CASE(what_was_written_is_read) {
  const auto read = file();
  BOOST_TEST(read.version() == 3u);
  BOOST_TEST(read.text("general.name").value() == "tiny");
  BOOST_TEST(read.count("a.count").value() == 7u);
  BOOST_TEST(read.number("a.number").value() == 0.5);
  BOOST_TEST(read.number("a.count").value() == 7.0);
  BOOST_TEST(read.flag("a.flag").value());
  BOOST_TEST(read.texts("words").value() == (std::vector<std::string_view>{"one", "", "drei"}),
             boost::test_tools::per_element());
  BOOST_TEST(read.numbers("scores").value() == (std::vector<float>{-1.5f, 2}),
             boost::test_tools::per_element());
  BOOST_TEST(read.integers("types").value() == (std::vector<std::int64_t>{-3, 4}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tensors_are_views_with_the_outermost_extent_first) {
  const auto read = file();
  const auto w = read.tensor("w").value();
  BOOST_TEST(w.shape == (std::vector<std::uint64_t>{2, 3}), boost::test_tools::per_element());
  BOOST_TEST(w.elements() == 6u);
  BOOST_TEST(float_at(w, 5) == 6.0f);
  BOOST_TEST(float_at(read.tensor("v").value(), 0) == 9.0f);
}

BOOST_AUTO_TEST_CASE(every_key_can_be_copied_into_another_file) {
  const auto first = file();
  gguf_writer out;
  for (const auto& [key, value] : first.metadata())
    out.set(std::string(key), value);
  BOOST_REQUIRE(out.write(in("b.gguf")).has_value());
  const auto second = gguf_file::open(in("b.gguf")).value();
  BOOST_TEST(second.metadata().size() == first.metadata().size());
  BOOST_TEST(second.number("a.number").value() == 0.5);
  BOOST_TEST(second.texts("words").value().size() == 3u);
  BOOST_TEST(second.integers("types").value().front() == -3);
}

BOOST_AUTO_TEST_CASE(missing_and_mistyped_keys_are_told_apart) {
  const auto read = file();
  BOOST_TEST((read.text("none").error().what == fault::not_found));
  BOOST_TEST((read.text("a.count").error().what == fault::corrupt));
  BOOST_TEST((read.count("general.name").error().what == fault::corrupt));
  BOOST_TEST((read.numbers("words").error().what == fault::corrupt));
  BOOST_TEST((read.integers("scores").error().what == fault::corrupt));
  BOOST_TEST((read.flag("a.count").error().what == fault::corrupt));
  BOOST_TEST((read.texts("a.count").error().what == fault::corrupt));
  BOOST_TEST((read.number("general.name").error().what == fault::corrupt));
  BOOST_TEST((read.tensor("none").error().what == fault::not_found));
}

BOOST_AUTO_TEST_CASE(a_tensor_without_a_place_in_the_format_is_not_written) {
  gguf_writer out;
  out.add({"t", dtype::u64, {1}, nullptr});
  BOOST_TEST((out.write(in("c.gguf")).error().what == fault::refused));
  BOOST_TEST(!std::filesystem::exists(in("c.gguf")));
}

BOOST_AUTO_TEST_CASE(a_source_that_fails_leaves_no_file) {
  gguf_writer out;
  out.add({"t", dtype::f32, {1}, []() -> result<std::vector<std::byte>> {
             return fail(fault::corrupt, "gone");
           }});
  BOOST_TEST(out.write(in("c.gguf")).error().message == "t: gone");
  BOOST_TEST(!std::filesystem::exists(in("c.gguf.new")));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(hostile_gguf_files)

BOOST_AUTO_TEST_CASE(something_else_is_told_to_be_something_else) {
  const auto read = gguf_file::read(mapped_file::of_bytes("x", std::as_bytes(std::span("PK\3\4", 4))));
  BOOST_TEST(read.error().message == "x is no GGUF file: it does not begin with GGUF");
}

BOOST_AUTO_TEST_CASE(other_versions_and_byte_orders_are_refused_by_name) {
  BOOST_TEST(words_in(gguf_bytes(0, 0, 1).refusal(), "version 1"));
  BOOST_TEST(words_in(gguf_bytes(0, 0, 0x03000000).refusal(), "big-endian"));
  BOOST_TEST(gguf_bytes(0, 0, 2).read().has_value());
}

BOOST_AUTO_TEST_CASE(huge_counts_are_refused_before_anything_is_read) {
  BOOST_TEST(words_in(gguf_bytes(~0ull, 0).refusal(), "more than a model has"));
  BOOST_TEST(words_in(gguf_bytes(0, 1ull << 40).refusal(), "more than a model has"));
}

BOOST_AUTO_TEST_CASE(texts_and_arrays_stay_within_the_file) {
  BOOST_TEST(words_in(gguf_bytes(0, 1).number(~0ull).refusal(), "past the end"));
  BOOST_TEST(words_in(gguf_bytes(0, 1).text("k").refusal(), "ends too early"));
  auto array = gguf_bytes(0, 1).key("k", gguf_type::array).number(std::uint32_t{10});
  BOOST_TEST(words_in(array.number(1ull << 61).refusal(), "past the end"));
  auto texts = gguf_bytes(0, 1).key("k", gguf_type::array).number(std::uint32_t{8});
  BOOST_TEST(words_in(texts.number(1ull << 60).refusal(), "ends too early"));
}

BOOST_AUTO_TEST_CASE(nested_arrays_and_unknown_types_are_refused) {
  auto nested = gguf_bytes(0, 1).key("k", gguf_type::array).number(std::uint32_t{9});
  BOOST_TEST(words_in(nested.number(1ull).refusal(), "arrays of arrays"));
  BOOST_TEST(words_in(gguf_bytes(0, 1).text("k").number(std::uint32_t{13}).refusal(), "type 13"));
  BOOST_TEST(
      words_in(gguf_bytes(0, 1).key("k", gguf_type::boolean).number(std::uint8_t{2}).refusal(), "0 or 1"));
}

BOOST_AUTO_TEST_CASE(nothing_may_be_there_twice) {
  auto keys = gguf_bytes(0, 2).key("k", gguf_type::u8).number(std::uint8_t{1});
  BOOST_TEST(words_in(keys.key("k", gguf_type::u8).number(std::uint8_t{1}).refusal(), "twice"));
  auto tensors = gguf_bytes(2, 0).tensor("t", {1}, 0, 0).tensor("t", {1}, 0, 32);
  BOOST_TEST(words_in(tensors.data(64).refusal(), "twice"));
}

BOOST_AUTO_TEST_CASE(shapes_that_overflow_are_refused) {
  const auto huge = std::uint64_t{1} << 33;
  BOOST_TEST(
      words_in(gguf_bytes(1, 0).tensor("t", {huge, huge}, 0, 0).data(64).refusal(), "impossible shape"));
  BOOST_TEST(words_in(gguf_bytes(1, 0).tensor("t", {1ull << 62}, 0, 0).data(64).refusal(), "past the end"));
  BOOST_TEST(words_in(gguf_bytes(1, 0).tensor("t", {0}, 0, 0).data(64).refusal(), "impossible shape"));
  BOOST_TEST(words_in(gguf_bytes(1, 0).tensor("t", {}, 0, 0).data(64).refusal(), "0 dimensions"));
  BOOST_TEST(words_in(gguf_bytes(1, 0).tensor("t", {1, 1, 1, 1, 1}, 0, 0).refusal(), "5 dimensions"));
}

BOOST_AUTO_TEST_CASE(tensors_lie_within_the_file_aligned_and_apart) {
  BOOST_TEST(words_in(gguf_bytes(1, 0).tensor("t", {4}, 0, 64).data(64).refusal(), "past the end"));
  BOOST_TEST(words_in(gguf_bytes(1, 0).tensor("t", {4}, 0, ~31ull).data(64).refusal(), "past the end"));
  BOOST_TEST(words_in(gguf_bytes(1, 0).tensor("t", {4}, 0, 4).data(64).refusal(), "not aligned"));
  auto shared = gguf_bytes(2, 0).tensor("a", {16}, 0, 0).tensor("b", {4}, 0, 32);
  BOOST_TEST(words_in(shared.data(64).refusal(), "share the data"));
  BOOST_TEST(
      words_in(gguf_bytes(1, 0).tensor("t", {33}, 8, 0).data(640).refusal(), "whole number of Q8_0 blocks"));
}

BOOST_AUTO_TEST_CASE(alignments_are_powers_of_two) {
  auto odd = gguf_bytes(0, 1).key("general.alignment", gguf_type::u32).number(std::uint32_t{24});
  BOOST_TEST(words_in(odd.refusal(), "alignment of 24"));
}

BOOST_AUTO_TEST_CASE(a_part_of_a_model_says_how_to_merge_it) {
  auto part = gguf_bytes(0, 1).key("split.count", gguf_type::u16).number(std::uint16_t{3});
  const auto read = part.read();
  BOOST_REQUIRE(!read.has_value());
  BOOST_TEST(words_in(read.error().message, "one of 3 parts"));
  BOOST_TEST(!read.error().hint.empty());
}

BOOST_AUTO_TEST_CASE(kinds_that_nobody_reads_are_named_when_asked_for) {
  const auto read = gguf_bytes(1, 0).tensor("t", {256}, 10, 0).data(96).read().value();
  BOOST_TEST(words_in(read.tensor("t").error().message, "Q2_K"));
}

BOOST_AUTO_TEST_CASE(every_shortened_file_is_refused) {
  auto whole = gguf_bytes(1, 1).key("k", gguf_type::text).text("value").tensor("t", {4}, 0, 0).data(16);
  BOOST_REQUIRE(whole.read().has_value());
  for (std::size_t size = 0; size < whole.bytes().size(); ++size) {
    const auto part = std::as_bytes(std::span(whole.bytes())).first(size);
    BOOST_REQUIRE(!gguf_file::read(mapped_file::of_bytes("part", part)).has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()
