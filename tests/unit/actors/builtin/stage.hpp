#pragma once

#include "runtime/effects/executor.hpp"
#include "runtime/secrets/secret_vault.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdlib.h>
#include <string>

namespace troupe::builtin::fakes {

constexpr auto run = "workflow.run/7";

struct clock final : clock_source {
  instant now() override { return at; }
  instant at{std::chrono::seconds(1'700'000'000)};
};
struct token final : cancel_token {
  bool canceled() const override { return false; }
};
struct sink final : progress_sink {
  void piece(std::string_view) override {}
};

/// Knows TOKEN alone.
inline secret_vault vault() {
  return {secret_key{}, [](const std::string& name) -> result<std::string> {
            if (name == "TOKEN")
              return std::string("s3cret");
            return fail(fault::not_found, "this node has no secret " + name);
          }};
}

inline effect_request request(std::string verb, const json& with) {
  effect_request made;
  made.verb = std::move(verb);
  made.body = with.dump();
  made.idempotency_key = "key-1";
  made.agent = run;
  return made;
}

inline outcome carried_out(effect_executor& by, const effect_request& asked) {
  sink progress;
  return by.execute(asked, token(), progress);
}

inline json said(const outcome& o) { return o.ok ? json::parse(o.body) : json(o.kind + ": " + o.message); }

struct folder {
  folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "troupe-builtin-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

} // namespace troupe::builtin::fakes
