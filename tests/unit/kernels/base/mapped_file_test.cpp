#include "kernels/base/mapped_file.hpp"

#include "kernels/base/checked.hpp"
#include "kernels/base/new_file.hpp"

namespace {

using namespace troupe::kernels;

struct folder {
  std::filesystem::path path = std::filesystem::path(TROUPE_BINARY_DIR) / "tests" / "run_mapped_file";
  folder() { std::filesystem::create_directories(path); }
  ~folder() { std::filesystem::remove_all(path); }
  std::string in(const std::string& name) const { return (path / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(in(name), std::ios::binary) << text;
    return in(name);
  }
};

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(files_as_memory, folder)

BOOST_AUTO_TEST_CASE(a_file_is_there_as_a_whole) {
  const auto file = mapped_file::open(write("a", "hello"));
  BOOST_REQUIRE(file.has_value());
  BOOST_TEST(text_of((*file)->bytes()) == "hello");
  BOOST_TEST((*file)->path() == in("a"));
}

BOOST_AUTO_TEST_CASE(what_was_released_can_be_read_again) {
  const auto file = mapped_file::open(write("long", std::string(20'000, 'x'))).value();
  file->release(file->bytes().subspan(100, 15'000));
  file->release({});
  BOOST_TEST(text_of(file->bytes()) == std::string(20'000, 'x'));
}

BOOST_AUTO_TEST_CASE(an_empty_file_has_no_bytes) {
  const auto file = mapped_file::open(write("empty", ""));
  BOOST_REQUIRE(file.has_value());
  BOOST_TEST((*file)->bytes().empty());
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_named) {
  const auto file = mapped_file::open(in("none"));
  BOOST_REQUIRE(!file.has_value());
  BOOST_TEST((file.error().what == fault::not_found));
  BOOST_TEST(file.error().message.find(in("none")) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_folder_is_no_file) {
  const auto file = mapped_file::open(path.string());
  BOOST_REQUIRE(!file.has_value());
  BOOST_TEST((file.error().what == fault::invalid));
}

BOOST_AUTO_TEST_CASE(text_beyond_its_limit_is_refused) {
  const auto name = write("text", "four");
  BOOST_TEST(read_text_file(name, 4).value() == "four");
  BOOST_TEST((read_text_file(name, 3).error().what == fault::refused));
}

BOOST_AUTO_TEST_CASE(a_new_file_replaces_the_old_one_at_the_end) {
  const auto name = write("out", "old");
  new_file fresh(name);
  fresh.write("new");
  fresh.pad_to(8);
  BOOST_TEST(fresh.size() == 8u);
  BOOST_TEST(read_text_file(name, 10).value() == "old");
  BOOST_TEST(fresh.commit().has_value());
  BOOST_TEST(read_text_file(name, 10).value() == std::string("new\0\0\0\0\0", 8));
  BOOST_TEST(!std::filesystem::exists(name + ".new"));
}

BOOST_AUTO_TEST_CASE(a_new_file_that_is_given_up_leaves_nothing) {
  std::make_unique<new_file>(in("out"))->write("half");
  BOOST_TEST(std::filesystem::is_empty(path));
}

BOOST_AUTO_TEST_CASE(writing_into_no_folder_fails) {
  new_file fresh(in("none/out"));
  fresh.write("text");
  BOOST_TEST((fresh.commit().error().what == fault::unavailable));
}

BOOST_AUTO_TEST_CASE(sizes_that_overflow_are_no_sizes) {
  const std::uint64_t huge = std::uint64_t{1} << 33;
  BOOST_TEST(!checked_multiply(huge, huge).has_value());
  BOOST_TEST(!checked_add(~std::uint64_t{0}, std::uint64_t{1}).has_value());
  BOOST_TEST(!element_count(std::vector<std::uint64_t>{huge, huge}).has_value());
  BOOST_TEST(element_count(std::vector<std::uint64_t>{3, 4}).value() == 12u);
  BOOST_TEST(element_count(std::vector<std::uint64_t>{huge, 0, 2}).value() == 0u);
  BOOST_TEST(element_count(std::vector<std::uint64_t>{}).value() == 1u);
}

BOOST_AUTO_TEST_CASE(an_error_can_say_what_it_is_about) {
  const result<int> failed = fail(fault::corrupt, "it ends early", "fetch it again");
  const result<int> named = fail_in("x.gguf", failed);
  BOOST_TEST(named.error().message == "x.gguf: it ends early");
  BOOST_TEST(named.error().hint == "fetch it again");
  BOOST_TEST(to_string(named.error().what) == "corrupt");
  BOOST_CHECK_THROW(ensure(false, "why"), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
