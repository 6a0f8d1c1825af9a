#include "kernels/files/safetensors.hpp"

#include "kernels/files/json_object.hpp"
#include "tests/unit/kernels/files/scratch.hpp"

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;

result<tensor_set> read_made(const std::string& header, std::size_t data, std::uint64_t claimed = 0) {
  const std::uint64_t size = claimed ? claimed : header.size();
  std::string bytes(reinterpret_cast<const char*>(&size), sizeof size);
  bytes += header;
  bytes.resize(bytes.size() + data);
  return read_safetensors(mapped_file::of_bytes("made", std::as_bytes(std::span(bytes))));
}

std::string refusal(const std::string& header, std::size_t data, std::uint64_t claimed = 0) {
  const auto read = read_made(header, data, claimed);
  return read ? "it was read" : read.error().message;
}

bool within(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

struct folder : scratch {
  folder() {
    BOOST_REQUIRE(write_safetensors(in("a.safetensors"), {f32_tensor("x", {2}, {1, 2})}).has_value());
    BOOST_REQUIRE(write_safetensors(in("b.safetensors"), {f32_tensor("y", {1}, {3})}).has_value());
  }
  void index(const std::string& map) const {
    std::ofstream(in("model.safetensors.index.json")) << R"({"weight_map": )" << map << "}";
  }
  std::string refused() const {
    const auto opened = open_tensor_folder(path.string());
    return opened ? "it was opened" : opened.error().message;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(safetensors_files, folder)

BOOST_AUTO_TEST_CASE(what_was_written_is_read) {
  const auto set = open_safetensors(in("a.safetensors")).value();
  const auto x = set.tensor("x").value();
  BOOST_TEST(x.shape == std::vector<std::uint64_t>{2}, boost::test_tools::per_element());
  BOOST_TEST((x.type == dtype::f32));
  BOOST_TEST((std::vector<std::byte>(x.bytes.begin(), x.bytes.end()) == bytes_of_numbers<float>({1, 2})));
  BOOST_TEST((set.tensor("none").error().what == fault::not_found));
}

BOOST_AUTO_TEST_CASE(metadata_is_no_tensor) {
  BOOST_REQUIRE(write_safetensors(in("m"), {f32_tensor("x", {}, {1})}, {{"format", "pt"}}).has_value());
  BOOST_TEST(open_safetensors(in("m")).value().tensors.size() == 1u);
}

BOOST_AUTO_TEST_CASE(blocks_have_no_place_in_the_format) {
  BOOST_TEST(
      (write_safetensors(in("q"), {{"q", dtype::q8_0, {32}, nullptr}}).error().what == fault::refused));
  const auto x = f32_tensor("x", {1}, {1});
  BOOST_TEST((write_safetensors(in("q"), {x, x}).error().what == fault::invalid));
}

BOOST_AUTO_TEST_CASE(kinds_that_nobody_reads_are_refused_when_asked_for) {
  const auto set =
      read_made(R"({"x": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [0, 4]}})", 4).value();
  BOOST_TEST((set.tensor("x").error().what == fault::refused));
}

BOOST_AUTO_TEST_CASE(headers_are_checked) {
  BOOST_TEST(within(refusal("", 0, 1ull << 60), "is none of a safetensors file"));
  BOOST_TEST(within(refusal("{}", 0, 3), "past the end"));
  BOOST_TEST(within(refusal("[]", 0), "begin with {"));
  BOOST_TEST(within(refusal("{]", 0), "valid JSON"));
  BOOST_TEST(within(refusal(R"({"x": 1})", 0), "\"x\" is not an object"));
}

BOOST_AUTO_TEST_CASE(shapes_and_offsets_must_agree) {
  BOOST_TEST(within(refusal(R"({"x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}})", 4),
                    "does not take 4"));
  BOOST_TEST(
      within(refusal(R"({"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}})", 3), "past the end"));
  BOOST_TEST(within(refusal(R"({"x": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}})", 4),
                    "a begin and an end"));
  BOOST_TEST(within(refusal(R"({"x": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}})", 4),
                    "whole numbers"));
  BOOST_TEST(within(
      refusal(R"({"x": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 0]}})", 0),
      "impossible"));
  BOOST_TEST(within(refusal(R"({"x": {"shape": [1], "data_offsets": [0, 4]}})", 4), "no \"dtype\""));
}

BOOST_AUTO_TEST_CASE(tensors_fill_the_data_without_overlap_or_hole) {
  const std::string a = R"("a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]})";
  BOOST_TEST(within(refusal("{" + a + R"(, "b": {"dtype": "U8", "shape": [4], "data_offsets": [2, 6]}})", 6),
                    "share data"));
  BOOST_TEST(within(refusal("{" + a + R"(, "b": {"dtype": "U8", "shape": [1], "data_offsets": [5, 6]}})", 6),
                    "a hole"));
  BOOST_TEST(within(refusal("{" + a + "}", 5), "belongs to no tensor"));
}

BOOST_AUTO_TEST_CASE(shards_are_found_by_their_index) {
  index(R"({"x": "a.safetensors", "y": "b.safetensors"})");
  const auto set = open_tensor_folder(path.string()).value();
  BOOST_TEST(set.tensors.size() == 2u);
  BOOST_TEST(set.files.size() == 2u);
  BOOST_TEST(set.tensor("y").value().elements() == 1u);
}

BOOST_AUTO_TEST_CASE(an_index_names_files_of_its_own_folder_that_exist) {
  index(R"({"x": "../a.safetensors"})");
  BOOST_TEST(within(refused(), "no shard of this folder"));
  index(R"({"x": "/etc/passwd"})");
  BOOST_TEST(within(refused(), "no shard of this folder"));
  index(R"({"x": "c.safetensors"})");
  BOOST_TEST(within(refused(), "c.safetensors: No such file"));
  index(R"({"y": "a.safetensors"})");
  BOOST_TEST(within(refused(), "has no tensor y"));
  index("[]");
  BOOST_TEST(within(refused(), "\"weight_map\" is not an object"));
}

BOOST_AUTO_TEST_CASE(a_folder_without_weights_says_what_is_missing) {
  BOOST_TEST(within(refused(), "neither model.safetensors nor"));
  std::ofstream(in("pytorch_model.bin")) << "x";
  BOOST_TEST(within(refused(), "pickled Python"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(json_objects)

BOOST_AUTO_TEST_CASE(keys_are_read_by_type_and_null_is_absent) {
  const auto about =
      json_object::parse("j",
                         R"({"n": 2, "r": 0.5, "t": "x", "f": true, "l": ["a"], "z": null, "o": {"k": 1}})")
          .value();
  BOOST_TEST(about.count("n").value() == 2u);
  BOOST_TEST(about.number("r").value() == 0.5);
  BOOST_TEST(about.number("n").value() == 2.0);
  BOOST_TEST(about.text("t").value() == "x");
  BOOST_TEST(about.flag("f").value());
  BOOST_TEST(about.texts("l").value().size() == 1u);
  BOOST_TEST(about.object("o").value().count("k").value() == 1u);
  BOOST_TEST(!about.has("z"));
  BOOST_TEST(about.count_or("z", 7).value() == 7u);
  BOOST_TEST(about.keys().size() == 6u);
}

BOOST_AUTO_TEST_CASE(errors_name_the_file_and_the_key) {
  const auto about = json_object::parse("j", R"({"n": -2, "t": 1, "o": {"k": "x"}})").value();
  BOOST_TEST(about.count("n").error().message == "j: \"n\" is not a whole number that is not negative");
  BOOST_TEST(about.text("t").error().message == "j: \"t\" is not text");
  BOOST_TEST(about.text("u").error().message == "j has no \"u\"");
  BOOST_TEST(about.object("o").value().flag("k").error().message == "j, \"o\": \"k\" is not true or false");
  BOOST_TEST(!about.texts("t").has_value());
  BOOST_TEST(!about.counts("t").has_value());
  BOOST_TEST(!about.number("o").has_value());
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_no_crash) {
  BOOST_TEST(!json_object::parse("j", std::string(1'000'000, '[')).has_value());
  const auto deep = std::string(200'000, '[') + std::string(200'000, ']');
  BOOST_TEST(json_object::parse("j", R"({"k": )" + deep + "}").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
