#include "gateway/http/server.hpp"

#include "gateway/http/guard.hpp"
#include "gateway/http/session.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <future>
#include <thread>
#include <vector>

namespace troupe::gateway {

namespace net = boost::asio;
using tcp = net::ip::tcp;

namespace {

constexpr std::size_t refusals_max = 64;               // beyond the limit even a polite no is rationed
constexpr std::chrono::milliseconds accept_pause{100}; // out of file descriptors: let some come back

} // namespace

class http_server::listener {
public:
  listener(const server_settings& settings, const dispatcher& behind)
      : hub_(std::make_shared<connection_hub>(behind))
      , busy_(net::make_work_guard(hub_->io()))
      , acceptor_(net::make_strand(hub_->io()))
      , pause_(acceptor_.get_executor())
      , address_(settings.address) {}

  ~listener() {
    hub_->io().stop();
    for (auto& thread : threads_)
      thread.join();
    hub_->forget_all();
  }

  result<bool> open(std::uint16_t port) {
    boost::system::error_code ec;
    auto address = net::ip::make_address(address_, ec);
    tcp::endpoint endpoint(address, port);
    if (!ec)
      acceptor_.open(endpoint.protocol(), ec);
    if (!ec)
      acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec)
      acceptor_.bind(endpoint, ec);
    if (!ec)
      acceptor_.listen(net::socket_base::max_listen_connections, ec);
    if (!ec)
      port_ = acceptor_.local_endpoint(ec).port();
    if (!ec)
      return true;
    return fail(ec == net::error::address_in_use ? fault::conflict : fault::unavailable,
                "cannot listen on " + address_ + ":" + std::to_string(port) + ": " + ec.message(),
                "choose another port with --port, or 0 for any free one");
  }

  void run(unsigned threads) {
    accept_next();
    for (unsigned i = 0; i < std::max(1u, threads); ++i)
      threads_.emplace_back([hub = hub_] { hub->io().run(); });
  }

  bool drain(std::chrono::milliseconds limit) {
    std::promise<void> closed;
    net::post(acceptor_.get_executor(), [&] {
      boost::system::error_code ignored; // closing a listening socket has nothing left to lose
      acceptor_.close(ignored);
      pause_.cancel();
      closed.set_value();
    });
    closed.get_future().wait();
    return hub_->drain(limit);
  }

  std::uint16_t port() const noexcept { return port_; }
  std::size_t connections() const noexcept { return hub_->count(); }

  std::string url() const {
    auto host = address_.find(':') == address_.npos ? address_ : "[" + address_ + "]";
    return "http://" + host + ":" + std::to_string(port_);
  }

private:
  void accept_next() {
    acceptor_.async_accept(
        net::make_strand(hub_->io()),
        [this](boost::system::error_code ec, tcp::socket socket) { accepted(ec, std::move(socket)); });
  }

  void accepted(boost::system::error_code ec, tcp::socket socket) {
    if (!acceptor_.is_open())
      return;
    if (ec)
      return accept_later();
    auto open = hub_->count();
    auto most = hub_->behind().limits().connections;
    if (open < most + refusals_max) {
      // Answers are whole: waiting to fill a packet would only delay them.
      socket.set_option(tcp::no_delay(true), ec);
      const bool v6 = socket.local_endpoint(ec).protocol() == tcp::v6();
      if (const auto descriptor = socket.release(ec); !ec)
        hub_->adopt(descriptor, v6, open >= most);
    }
    accept_next();
  }

  void accept_later() {
    pause_.expires_after(accept_pause);
    pause_.async_wait([this](boost::system::error_code ec) {
      if (!ec && acceptor_.is_open())
        accept_next();
    });
  }

  std::shared_ptr<connection_hub> hub_;
  // Without it the threads would leave once a drained server has nothing to wait for, and a later question to
  // them would never be answered.
  net::executor_work_guard<net::io_context::executor_type> busy_;
  tcp::acceptor acceptor_;
  net::steady_timer pause_;
  std::string address_;
  std::uint16_t port_ = 0;
  std::vector<std::thread> threads_;
};

http_server::http_server(std::unique_ptr<listener> inside)
    : inside_(std::move(inside)) {}
http_server::~http_server() = default;

result<std::unique_ptr<http_server>> http_server::start(const server_settings& settings,
                                                        const dispatcher& behind) {
  auto address = checked_bind_address(settings.address);
  if (!address)
    return tl::unexpected(address.error());
  auto wanted = settings;
  wanted.address = *address;
  auto inside = std::make_unique<listener>(wanted, behind);
  if (auto open = inside->open(settings.port); !open)
    return tl::unexpected(open.error());
  inside->run(settings.threads);
  return std::unique_ptr<http_server>(new http_server(std::move(inside)));
}

std::uint16_t http_server::port() const noexcept { return inside_->port(); }
std::string http_server::url() const { return inside_->url(); }
std::size_t http_server::connections() const noexcept { return inside_->connections(); }
bool http_server::drain(std::chrono::milliseconds limit) { return inside_->drain(limit); }

} // namespace troupe::gateway
