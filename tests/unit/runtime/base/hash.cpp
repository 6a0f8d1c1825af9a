#include "runtime/base/hash.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;

BOOST_AUTO_TEST_SUITE(base_hash)

// Values of XXH64 that its specification's own programs print: journals hold them.
BOOST_AUTO_TEST_CASE(the_hash_of_a_text_never_changes) {
  BOOST_TEST(stable_hash("") == 0xef46db3751d8e999u);
  BOOST_TEST(stable_hash("a") == 0xd24ec4f1a98c6e5bu);
  BOOST_TEST(stable_hash("abc") == 0x44bc2cf5ad770999u);
}

BOOST_AUTO_TEST_CASE(a_seed_makes_another_hash) { BOOST_TEST(stable_hash("a", 1) != stable_hash("a")); }

BOOST_AUTO_TEST_SUITE_END()
