#include "cli/serve/stop_signals.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace troupe::cli {

namespace net = boost::asio;

namespace {

constexpr std::chrono::seconds drain_limit{
    60}; // beyond the limits of door and node together: something hangs

class stopping {
public:
  stopping(const std::function<void()>& drain, const std::function<void()>& reload)
      : drain_(drain)
      , reload_(reload) {}

  void run() {
    await_signal();
    await_hang_up();
    loop_.run();
    if (drainer_.joinable())
      drainer_.join();
  }

private:
  void await_signal() {
    signals_.async_wait([this](boost::system::error_code ec, int) {
      if (ec)
        return;
      if (drainer_.joinable())
        end_at_once("a second signal: exiting at once");
      begin();
      await_signal();
    });
  }

  void await_hang_up() {
    hang_ups_.async_wait([this](boost::system::error_code ec, int) {
      if (ec)
        return;
      if (!drainer_.joinable())
        reload_();
      await_hang_up();
    });
  }

  void begin() {
    limit_.expires_after(drain_limit);
    limit_.async_wait([](boost::system::error_code ec) {
      if (!ec)
        end_at_once("draining takes too long: exiting at once");
    });
    drainer_ = std::thread([this] {
      drain_();
      net::post(loop_, [this] {
        signals_.cancel();
        hang_ups_.cancel();
        limit_.cancel();
      });
    });
  }

  [[noreturn]] static void end_at_once(const char* why) {
    std::cerr << why << std::endl;
    std::_Exit(EXIT_FAILURE);
  }

  const std::function<void()>& drain_;
  const std::function<void()>& reload_;
  net::io_context loop_;
  net::signal_set signals_{loop_, SIGINT, SIGTERM};
  net::signal_set hang_ups_{loop_, SIGHUP};
  net::steady_timer limit_{loop_};
  std::thread drainer_;
};

} // namespace

void serve_until_signal(const std::function<void()>& drain, const std::function<void()>& reload) {
  stopping(drain, reload).run();
}

} // namespace troupe::cli
