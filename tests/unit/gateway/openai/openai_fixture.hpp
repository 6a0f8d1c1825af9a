#pragma once

#include "actors/models/native/native_service.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/http/dispatcher.hpp"
#include "tests/support/fake_node.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tiny_model.hpp"

#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>

namespace troupe::test {

/// Waits for what another thread brings.
template<class T>
class brought {
public:
  void bring(T what) {
    const std::lock_guard lock(guard_);
    what_ = std::move(what);
    came_.notify_one();
  }
  T take() {
    std::unique_lock lock(guard_);
    BOOST_TEST_REQUIRE(came_.wait_for(lock, std::chrono::seconds(120), [this] { return what_.has_value(); }));
    return *std::exchange(what_, std::nullopt);
  }

private:
  std::mutex guard_;
  std::condition_variable came_;
  std::optional<T> what_;
};

/// Brings the whole of a stream. It always waits for more already when that comes: the harder case, because a
/// stream must then tell "nothing yet" from the end.
inline void hear_out(const std::shared_ptr<gateway::event_stream>& events,
                     const std::shared_ptr<brought<std::string>>& whole, const std::string& so_far = {}) {
  events->next([=](const std::optional<std::string>& more) {
    if (!more)
      return whole->bring(so_far);
    hear_out(events, whole, so_far + *more);
  });
}

/// The door without sockets before tiny models with random weights; `caller` knows how to call tools.
struct openai_fixture {
  struct fixed_clock final : clock_source {
    instant now() override { return from_ms(1'700'000'000'000); }
  };

  openai_fixture() {
    const auto folder = std::string(TROUPE_SOURCE_DIR) + "/tests/golden/engine/llama-gqa";
    models::native_settings settings;
    settings.path = folder + "/model";
    settings.adapters = {{"poet", folder + "/adapter"}};
    settings.exact = true;
    settings.background = false;
    own->emplace("tiny", models::native_service::open("tiny", settings, *clock).value());
    settings.path = (files.path() / "caller").string();
    settings.adapters.clear();
    testing::write_calling_model(settings.path);
    own->emplace("caller", models::native_service::open("caller", settings, *clock).value());
  }

  gateway::http_response ask(gateway::http_method method, const std::string& target,
                             const std::string& body) {
    gateway::raw_request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.headers = {{"host", "127.0.0.1:7070"}, {"content-type", "application/json"}};
    auto answer = std::make_shared<brought<gateway::http_response>>();
    door.handle(std::move(request),
                [answer](gateway::http_response response) { answer->bring(std::move(response)); });
    return answer->take();
  }
  gateway::http_response get(const std::string& target) { return ask(gateway::http_method::get, target, {}); }
  gateway::http_response post(const std::string& target, const nlohmann::json& body) {
    return ask(gateway::http_method::post, target, body.dump());
  }

  static nlohmann::json body_of(const gateway::http_response& response) {
    return nlohmann::json::parse(response.body);
  }

  /// All data of a stream but its last word, which is checked.
  static std::vector<nlohmann::json> events_of(const gateway::http_response& response) {
    BOOST_TEST_REQUIRE(response.events);
    const auto whole = std::make_shared<brought<std::string>>();
    hear_out(response.events, whole);
    const auto all = whole->take();
    std::vector<nlohmann::json> events;
    constexpr std::string_view done = "data: [DONE]\n\n";
    BOOST_TEST(all.ends_with(done));
    for (std::size_t at = 0; at + done.size() < all.size();) {
      const auto end = all.find("\n\n", at);
      events.push_back(nlohmann::json::parse(all.substr(at + 6, end - at - 6)));
      at = end + 2;
    }
    return events;
  }

  testing::temporary_folder files;
  fake_node node;
  gateway::http_limits limits;
  std::shared_ptr<gateway::metric_registry> metrics = std::make_shared<gateway::metric_registry>();
  std::shared_ptr<fixed_clock> clock = std::make_shared<fixed_clock>();
  std::shared_ptr<models::native_services> own = std::make_shared<models::native_services>();
  gateway::dispatcher door{gateway::make_routes({node,
                                                 limits,
                                                 metrics,
                                                 [] { return std::size_t{3}; },
                                                 {},
                                                 own,
                                                 clock,
                                                 [] { return std::string("ID"); }}),
                           limits,
                           [] { return std::string("DRAWN"); },
                           {}};
};

} // namespace troupe::test
