#include "kernels/serving/adapter_registry.hpp"

#include "tests/unit/kernels/serving/rig.hpp"

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;
using answer = adapter_registry::answer;

struct shelf {
  explicit shelf(registry_limits limits = {})
      : known(limits) {}

  void put(const std::string& name) { BOOST_TEST_REQUIRE(known.put(name, "/" + name).has_value()); }
  /// Loads what is wanted and says its paths.
  std::string load() {
    std::string paths;
    while (const auto job = known.next_job()) {
      paths += job->path;
      known.loaded(*job, std::make_shared<const adapter>());
    }
    return paths;
  }
  adapter_registry::lease take(const std::string& name) {
    auto got = known.acquire(name);
    if (got.what == answer::loading) {
      load();
      got = known.acquire(name);
    }
    BOOST_TEST_REQUIRE((got.what == answer::live));
    return got.held;
  }
  void use(const std::string& name) { known.release(take(name).key); }

  adapter_registry known;
};

std::vector<std::string> live_names(const adapter_registry& known) {
  std::vector<std::string> names;
  for (const auto& one : known.list())
    if (one.live)
      names.push_back(one.name);
  return names;
}

} // namespace

BOOST_AUTO_TEST_SUITE(adapters)

BOOST_AUTO_TEST_CASE(the_one_longest_unused_makes_room) {
  shelf own({.live_max = 2});
  own.put("a");
  own.put("b");
  own.put("c");
  own.use("a");
  own.use("b");
  own.use("a");
  own.use("c");
  BOOST_TEST(live_names(own.known) == (std::vector<std::string>{"a", "c"}), boost::test_tools::per_element());
  BOOST_TEST(own.known.evictions() == 1u);
}

BOOST_AUTO_TEST_CASE(those_in_use_and_those_pinned_stay) {
  shelf own({.live_max = 3});
  for (const auto* name : {"a", "b", "c", "d"})
    own.put(name);
  BOOST_TEST(own.known.pin("a", true).has_value());
  own.load();
  const auto held = own.take("b");
  own.use("c");
  own.use("d");
  BOOST_TEST(live_names(own.known) == (std::vector<std::string>{"a", "b", "d"}),
             boost::test_tools::per_element());
  const auto also = own.take("d");
  BOOST_TEST((own.known.acquire("c").what == answer::loading));
  BOOST_TEST(!own.known.next_job().has_value()); // no place until somebody lets go
  own.known.release(held.key);
  BOOST_TEST(own.load() == "/c");
}

BOOST_AUTO_TEST_CASE(a_replacement_takes_over_when_it_is_there) {
  shelf own;
  own.put("a");
  const auto old = own.take("a");
  BOOST_TEST(own.known.put("a", "/a2").has_value());
  const auto between = own.take("a");
  BOOST_TEST((between.key == old.key));
  BOOST_TEST(own.load() == "/a2");
  const auto fresh = own.take("a");
  BOOST_TEST(fresh.key.version == old.key.version + 1);
  BOOST_TEST(own.known.live() == 2u);
  BOOST_TEST(!own.known.release(old.key));
  BOOST_TEST(own.known.release(between.key)); // nobody can ask for the old one any more
  BOOST_TEST(own.known.live() == 1u);
}

BOOST_AUTO_TEST_CASE(who_asks_while_it_is_loaded_does_not_load_it_again) {
  shelf own;
  own.put("a");
  BOOST_TEST((own.known.acquire("a").what == answer::loading));
  const auto job = own.known.next_job().value();
  BOOST_TEST((own.known.acquire("a").what == answer::loading));
  BOOST_TEST(!own.known.next_job().has_value());
  own.known.loaded(job, std::make_shared<const adapter>());
  const auto held = own.take("a");
  BOOST_TEST(!own.known.next_job().has_value());
  own.known.release(held.key);
}

BOOST_AUTO_TEST_CASE(a_broken_replacement_changes_nothing) {
  shelf own;
  own.put("a");
  own.use("a");
  BOOST_TEST(own.known.put("a", "/a2").has_value());
  own.known.loaded(own.known.next_job().value(), fail(fault::corrupt, "no adapter"));
  BOOST_TEST(own.take("a").key.version == 1u);
  BOOST_TEST(own.known.list().front().problem == "no adapter");
}

BOOST_AUTO_TEST_CASE(a_broken_adapter_is_tried_again_by_the_next_one_to_ask) {
  shelf own;
  own.put("a");
  BOOST_TEST((own.known.acquire("a").what == answer::loading));
  own.known.loaded(own.known.next_job().value(), fail(fault::corrupt, "no adapter"));
  const auto broken = own.known.acquire("a");
  BOOST_TEST((broken.what == answer::broken));
  BOOST_TEST(broken.problem == "no adapter");
  BOOST_TEST((own.known.acquire("a").what == answer::loading));
}

BOOST_AUTO_TEST_CASE(a_name_used_again_is_another_adapter) {
  shelf own;
  own.put("a");
  const auto first = own.take("a");
  BOOST_TEST(own.known.remove("a").has_value());
  BOOST_TEST((own.known.acquire("a").what == answer::unknown));
  own.put("a");
  const auto second = own.take("a");
  BOOST_TEST((first.key != second.key));
  BOOST_TEST(own.known.release(first.key));
  BOOST_TEST((own.known.remove("b").error().what == fault::not_found));
}

BOOST_AUTO_TEST_CASE(a_thousand_are_registered_and_sixty_four_live) {
  shelf own({.registered_max = 1'000, .live_max = 64});
  for (int i = 0; i < 1'000; ++i)
    own.put(std::to_string(i));
  BOOST_TEST(!own.known.put("one more", "/").has_value());
  for (int i = 0; i < 1'000; ++i)
    own.use(std::to_string(i * 7 % 1'000));
  BOOST_TEST(own.known.live() == 64u);
  BOOST_TEST(own.known.loads() == 1'000u);
}

BOOST_AUTO_TEST_CASE(not_every_place_may_be_pinned) {
  shelf own({.live_max = 2});
  own.put("a");
  own.put("b");
  BOOST_TEST(own.known.pin("a", true).has_value());
  BOOST_TEST(own.known.pin("a", true).has_value());
  BOOST_TEST((own.known.pin("b", true).error().what == fault::refused));
}

BOOST_AUTO_TEST_CASE(others_go_on_while_an_adapter_is_replaced_and_who_began_ends_with_the_old_one) {
  serving_rig rig;
  BOOST_TEST(rig.adapters.put("poet", "1").has_value());
  const auto expected_old = rig.answer(plain_request(some_tokens(20, 1), 12, "poet")).tokens;
  const auto old = rig.ask(plain_request(some_tokens(20, 1), 12, "poet"));
  rig.step();
  BOOST_TEST(rig.adapters.put("poet", "-3").has_value());
  rig.step(); // it is there now
  const auto fresh = rig.ask(plain_request(some_tokens(20, 1), 12, "poet"));
  rig.finish();
  BOOST_TEST(rig.all[old].tokens == expected_old, boost::test_tools::per_element());
  BOOST_TEST((rig.all[fresh].tokens != expected_old));
  BOOST_TEST(rig.all[fresh].end->usage.cached == 0u);
  serving_rig other;
  BOOST_TEST(other.adapters.put("poet", "-3").has_value());
  BOOST_TEST(rig.all[fresh].tokens == other.answer(plain_request(some_tokens(20, 1), 12, "poet")).tokens,
             boost::test_tools::per_element());
  BOOST_TEST(rig.adapters.live() == 1u);
}

BOOST_AUTO_TEST_CASE(a_text_with_a_broken_adapter_ends_alone) {
  serving_rig rig;
  BOOST_TEST(rig.adapters.put("bad", "broken").has_value());
  const auto bad = rig.ask(plain_request({5}, 3, "bad"));
  const auto good = rig.ask(plain_request({5}, 3));
  rig.finish();
  BOOST_TEST((rig.all[bad].end->why == text_finish::failed));
  BOOST_TEST(rig.all[bad].end->problem == "broken is no adapter");
  BOOST_TEST((rig.all[good].end->why == text_finish::length));
}

BOOST_AUTO_TEST_CASE(a_text_that_the_engine_refuses_ends_alone) {
  serving_rig alone;
  const auto expected = alone.answer(plain_request({5, 6, 7}, 4)).tokens;
  serving_rig rig;
  BOOST_TEST(rig.adapters.put("misfit", "99").has_value());
  const auto bad = rig.ask(plain_request({5, 6, 7}, 4, "misfit"));
  const auto good = rig.ask(plain_request({5, 6, 7}, 4));
  rig.finish();
  BOOST_TEST((rig.all[bad].end->why == text_finish::failed));
  BOOST_TEST(rig.all[bad].end->problem.find("another shape") != std::string::npos);
  BOOST_TEST(rig.all[good].tokens == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(more_adapters_than_places_are_all_answered) {
  serving_rig rig({.texts_max = 3}, 256, {.live_max = 4});
  for (int i = 0; i < 12; ++i)
    BOOST_TEST(rig.adapters.put(std::to_string(i), std::to_string(i)).has_value());
  for (int i = 0; i < 36; ++i)
    rig.ask(plain_request({5, 6, static_cast<token_id>(7 + i)}, 3, std::to_string(i % 12)));
  rig.finish();
  BOOST_TEST(rig.all.size() == 36u);
  for (const auto& [id, one] : rig.all)
    BOOST_TEST((one.end->why == text_finish::length));
}

BOOST_AUTO_TEST_SUITE_END()
