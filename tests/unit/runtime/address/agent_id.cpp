#include "runtime/address/agent_id.hpp"

#include <boost/test/unit_test.hpp>
#include <unordered_set>

using namespace troupe;

namespace {

agent_id id(std::string_view text) { return agent_id::parse(text).value(); }

bool refused(std::string_view text) {
  const auto parsed = agent_id::parse(text);
  return !parsed && parsed.error().what == fault::invalid;
}

std::string hex(const address& a) {
  std::string text;
  for (const auto byte : a.bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(address_agent_id)

BOOST_AUTO_TEST_CASE(an_address_is_a_kind_and_a_key) {
  const auto parsed = id("sales.qualifier/lead-42");
  BOOST_TEST(parsed.tenant() == "default");
  BOOST_TEST(parsed.kind() == "sales.qualifier");
  BOOST_TEST(parsed.key() == "lead-42");
}

BOOST_AUTO_TEST_CASE(a_tenant_stands_before_with_an_at_sign) {
  const auto parsed = id("@acme/desk/a");
  BOOST_TEST(parsed.tenant() == "acme");
  BOOST_TEST(parsed.text() == "@acme/desk/a");
}

BOOST_AUTO_TEST_CASE(the_default_tenant_is_left_out) { BOOST_TEST(id("@default/desk/a").text() == "desk/a"); }

BOOST_AUTO_TEST_CASE(a_key_may_hold_slashes_at_signs_and_any_language) {
  BOOST_TEST(id("desk/a/b//c").key() == "a/b//c");
  BOOST_TEST(id("desk/@a").key() == "@a");
  BOOST_TEST(id("desk/Zo\xc3\xab \xe2\x82\xac").key() == "Zo\xc3\xab \xe2\x82\xac");
}

BOOST_AUTO_TEST_CASE(text_and_parse_are_inverse) {
  BOOST_TEST(id("@acme/desk/a/b").text() == "@acme/desk/a/b");
  BOOST_TEST((id(id("@acme/desk/a/b").text()) == id("@acme/desk/a/b")));
}

BOOST_AUTO_TEST_CASE(an_address_without_a_kind_or_key_is_refused) {
  BOOST_TEST(refused(""));
  BOOST_TEST(refused("/"));
  BOOST_TEST(refused("desk"));
  BOOST_TEST(refused("desk/"));
  BOOST_TEST(refused("/a"));
}

BOOST_AUTO_TEST_CASE(a_tenant_without_a_name_or_an_agent_is_refused) {
  BOOST_TEST(refused("@"));
  BOOST_TEST(refused("@/desk/a"));
  BOOST_TEST(refused("@acme"));
  BOOST_TEST(refused("@acme/desk"));
}

BOOST_AUTO_TEST_CASE(a_kind_is_lower_case_letters_digits_and_a_few_signs) {
  BOOST_TEST(refused("Desk/a"));
  BOOST_TEST(refused("de sk/a"));
  BOOST_TEST(refused("d\xc3\xa9sk/a"));
  BOOST_TEST(id("a.b_c-9/x").kind() == "a.b_c-9");
}

BOOST_AUTO_TEST_CASE(control_characters_are_refused) {
  BOOST_TEST(refused(std::string_view("desk/a\0b", 8)));
  BOOST_TEST(refused("desk/a\n"));
  BOOST_TEST(refused("desk/\x7f"));
  BOOST_TEST(refused("@ac\tme/desk/a"));
}

BOOST_AUTO_TEST_CASE(what_is_no_utf8_is_refused) {
  BOOST_TEST(refused("desk/\xff"));
  BOOST_TEST(refused("desk/\xc3"));
  BOOST_TEST(refused("@\xff/desk/a"));
}

BOOST_AUTO_TEST_CASE(a_tenant_has_no_slash) { BOOST_TEST(!agent_id::make("a/b", "desk", "a")); }

BOOST_AUTO_TEST_CASE(an_address_has_256_bytes_in_all) {
  const std::string fits(256 - 7 - 4, 'k'); // "default", "desk"
  BOOST_TEST(id("desk/" + fits).key() == fits);
  BOOST_TEST(refused("desk/" + fits + "k"));
}

BOOST_AUTO_TEST_CASE(a_refusal_says_how_an_address_is_written) {
  BOOST_TEST(agent_id::parse("desk").error().hint ==
             "write the address as kind/key, like sales.qualifier/lead-42");
}

BOOST_AUTO_TEST_CASE(the_hash_of_an_address_never_changes) {
  BOOST_TEST(hex(id("desk/a").addr()) == "7e3fc5cc8ed89b98dcbf6a1acf55a7c8");
}

BOOST_AUTO_TEST_CASE(parts_do_not_run_into_each_other) {
  const auto one = agent_id::make("ab", "c", "d").value();
  const auto other = agent_id::make("a", "bc", "d").value();
  BOOST_TEST((one != other));
  BOOST_TEST((one.addr() != other.addr()));
}

BOOST_AUTO_TEST_CASE(addresses_are_keys_of_sets) {
  std::unordered_set<agent_id> seen;
  seen.insert(id("desk/a"));
  seen.insert(id("@default/desk/a"));
  seen.insert(id("desk/b"));
  BOOST_TEST(seen.size() == 2u);
}

BOOST_AUTO_TEST_CASE(no_address_is_empty) {
  BOOST_TEST(agent_id().empty());
  BOOST_TEST(!id("desk/a").empty());
}

BOOST_AUTO_TEST_SUITE_END()
