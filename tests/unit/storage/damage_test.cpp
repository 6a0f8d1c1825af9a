#include "tests/unit/storage/store_dump.hpp"
#include "tests/unit/storage/store_rigs.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <random>
#include <sstream>

namespace {

using namespace troupe;
using namespace troupe::testing;

constexpr std::uint64_t seed = 20'261'120;
const std::vector<std::string> file_names = {"troupe.db", "troupe.db-wal", "commit.no"};

using files = std::map<std::string, std::string>;

files read_files(const std::filesystem::path& folder) {
  files all;
  for (const auto& name : file_names) {
    std::ifstream in(folder / name, std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    all[name] = content.str();
  }
  return all;
}

/// A store as it was left, and what it must be read as.
struct left_store {
  files content;
  std::string expected;
};

/// Everything lies in the main file.
left_store closed_store() {
  sqlite_rig rig;
  journal_desk desk(rig);
  fill(desk, seed);
  left_store left;
  left.expected = dump(desk).value();
  rig.close();
  left.content = read_files(rig.folder());
  return left;
}

/// Killed while part of it lay in the log, behind older pages in the main file.
left_store killed_store() {
  sqlite_rig rig;
  journal_desk desk(rig);
  fill(desk, seed);
  rig.reopen();
  const auto a = desk.claim("from/1");
  for (int i = 0; i < 10; ++i) {
    auto t = journal_desk::turn(a);
    t.puts = {journal_desk::row(journal::row_class::document, "k" + std::to_string(i), "late")};
    desk.commit(t);
  }
  left_store left;
  left.expected = dump(desk).value();
  left.content = read_files(rig.folder());
  std::string& log = left.content["troupe.db-wal"]; // behind what was written it is laid out with zeros
  log.resize(log.find_last_not_of('\0') + 1);
  return left;
}

/// Opens damaged copies of one store, in one folder, one after the other.
class examiner {
public:
  explicit examiner(left_store whole)
      : whole_(std::move(whole)) {}

  void flip(const std::string& name, std::size_t byte, unsigned bit) {
    files damaged = whole_.content;
    damaged[name][byte] = static_cast<char>(damaged[name][byte] ^ (1 << bit));
    examine(damaged, name + " byte " + std::to_string(byte) + " bit " + std::to_string(bit));
  }

  void flip_every_bit(const std::string& name, std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < std::min(first + count, size(name)); ++i)
      for (unsigned bit = 0; bit < 8; ++bit)
        flip(name, i, bit);
  }

  void flip_somewhere(const std::string& name, int times) {
    std::mt19937_64 random(seed);
    for (int i = 0; i < times; ++i)
      flip(name, random() % size(name), static_cast<unsigned>(random() % 8));
  }

  std::size_t size(const std::string& name) const { return whole_.content.at(name).size(); }

  int detected = 0;
  int harmless = 0;
  std::vector<std::string> served; // damaged content somebody was given, or an error that does not say so

private:
  void examine(const files& damaged, const std::string& what) {
    storage::sqlite_options options;
    options.directory = folder_.path();
    options.readers = 1;
    options.checkpoint_bytes = 10'000;
    std::filesystem::remove(folder_.path() / "troupe.db-shm");
    for (const auto& [name, content] : damaged)
      std::ofstream(folder_.path() / name, std::ios::binary) << content;
    const auto rig = sqlite_rig::closed(options);
    const auto opened = rig->open();
    if (!opened)
      return note(opened.error(), what);
    journal_desk desk(*rig);
    const auto read = dump(desk);
    if (!read)
      return note(read.error(), what);
    if (*read == whole_.expected)
      ++harmless;
    else
      served.push_back(what);
  }

  void note(const error& found, const std::string& what) {
    if (found.what == fault::corrupt)
      ++detected;
    else
      served.push_back(what + ": " + found.message);
  }

  left_store whole_;
  temporary_folder folder_;
};

std::string list(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& line : all)
    text += line + "\n";
  return text;
}

/// Changes one bit in every place where a file holds the text.
void flip_in_place(const std::filesystem::path& name, const std::string& text) {
  std::fstream file(name, std::ios::binary | std::ios::in | std::ios::out);
  std::ostringstream content;
  content << file.rdbuf();
  const std::string all = content.str();
  for (auto at = all.find(text); at != all.npos; at = all.find(text, at + 1)) {
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(all[at] ^ 1));
  }
}

BOOST_AUTO_TEST_SUITE(damage)

BOOST_AUTO_TEST_CASE(a_store_left_alone_reads_as_it_was_written) {
  examiner closed(closed_store());
  closed.flip("commit.no", 0, 0); // one of two slots: the other speaks
  BOOST_TEST(closed.harmless == 1, list(closed.served));
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_in_the_header_is_never_served) {
  examiner closed(closed_store());
  closed.flip_every_bit("troupe.db", 0, 100);
  BOOST_TEST(closed.served.empty(), list(closed.served));
  BOOST_TEST(closed.detected == 800);
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_in_the_main_file_is_never_served) {
  examiner closed(closed_store());
  closed.flip_somewhere("troupe.db", 1'000);
  BOOST_TEST(closed.served.empty(), list(closed.served));
  BOOST_TEST(closed.detected > 500);
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_in_the_logs_headers_is_never_served) {
  examiner killed(killed_store());
  killed.flip_every_bit("troupe.db-wal", 0, 32 + 24);
  killed.flip_every_bit("troupe.db-wal", 32 + 3 * 4'120, 24);
  BOOST_TEST(killed.served.empty(), list(killed.served));
  BOOST_TEST(killed.detected > 0);
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_in_the_log_is_never_served) {
  examiner killed(killed_store());
  killed.flip_somewhere("troupe.db-wal", 1'000);
  BOOST_TEST(killed.served.empty(), list(killed.served));
  BOOST_TEST(killed.detected > 900);
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_in_the_main_file_behind_a_log_is_never_served) {
  examiner killed(killed_store());
  killed.flip_somewhere("troupe.db", 500);
  killed.flip_every_bit("troupe.db", 0, 100);
  killed.flip_every_bit("commit.no", 0, 48);
  BOOST_TEST(killed.served.empty(), list(killed.served));
}

BOOST_AUTO_TEST_CASE(a_bit_that_flips_in_the_log_while_the_store_works_is_never_served) {
  sqlite_rig rig;
  journal_desk desk(rig);
  auto t = journal_desk::turn(desk.claim("a/1"));
  t.puts = {journal_desk::row(journal::row_class::document, "state", "the-text-to-be-found")};
  desk.commit(t);
  flip_in_place(rig.folder() / "troupe.db-wal", "the-text-to-be-found");
  const auto read = desk.ask<journal::loaded_agent>([&](auto done) { desk.store().describe(t.id, done); });
  BOOST_REQUIRE(!read.has_value());
  BOOST_TEST((read.error().what == fault::corrupt));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
