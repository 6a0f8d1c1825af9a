#include "runtime/task/documents.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;

namespace {

document_map two_documents() {
  document_map documents;
  documents.load("a", "one");
  documents.load("b", "two");
  return documents;
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_documents)

BOOST_AUTO_TEST_CASE(what_was_loaded_is_no_change) {
  const auto documents = two_documents();
  BOOST_TEST(*documents.find("a") == "one");
  BOOST_TEST(documents.find("c") == nullptr);
  BOOST_TEST(documents.changes().empty());
  BOOST_TEST(documents.bytes() == 6u);
}

BOOST_AUTO_TEST_CASE(a_change_remembers_what_the_turn_found) {
  auto documents = two_documents();
  documents.put("a", "first");
  documents.put("a", "second");
  BOOST_REQUIRE(documents.changes().size() == 1u);
  BOOST_TEST(documents.changes().at("a").before.value() == "one");
  BOOST_TEST(*documents.find("a") == "second");
  BOOST_TEST(documents.bytes() == 9u);
}

BOOST_AUTO_TEST_CASE(a_new_document_had_no_value_before) {
  auto documents = two_documents();
  documents.put("c", "three");
  BOOST_TEST(!documents.changes().at("c").before.has_value());
}

BOOST_AUTO_TEST_CASE(an_erased_document_is_a_change) {
  auto documents = two_documents();
  documents.erase("a");
  BOOST_TEST(documents.find("a") == nullptr);
  BOOST_TEST(documents.changes().at("a").before.value() == "one");
  BOOST_TEST(documents.bytes() == 3u);
}

BOOST_AUTO_TEST_CASE(erasing_what_is_not_there_is_no_change) {
  auto documents = two_documents();
  documents.erase("c");
  BOOST_TEST(documents.changes().empty());
}

BOOST_AUTO_TEST_CASE(a_roll_back_leaves_what_the_turn_found) {
  auto documents = two_documents();
  documents.put("a", "changed");
  documents.erase("b");
  documents.put("c", "new");
  documents.put("d", "new and gone");
  documents.erase("d");
  documents.roll_back();
  BOOST_TEST(documents.all() == two_documents().all());
  BOOST_TEST(documents.bytes() == 6u);
  BOOST_TEST(documents.changes().empty());
}

BOOST_AUTO_TEST_CASE(settled_changes_are_not_rolled_back) {
  auto documents = two_documents();
  documents.put("a", "changed");
  documents.settle();
  documents.roll_back();
  BOOST_TEST(*documents.find("a") == "changed");
}

BOOST_AUTO_TEST_SUITE_END()
