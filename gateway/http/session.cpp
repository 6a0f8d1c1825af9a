#include "gateway/http/session.hpp"

#include "gateway/http/api_error.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cctype>
#include <optional>
#include <unistd.h>

namespace troupe::gateway {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = net::ip::tcp;
using failure = boost::system::error_code;

namespace {

constexpr std::size_t first_read_bytes = 4096; // most requests arrive whole in one read
constexpr std::size_t linger_bytes =
    4 * 1024 * 1024; // what a refused sender may still push before it is cut off

using request_parser = http::request_parser<http::string_body>;

named_values lower_headers(const http::fields& fields) {
  named_values headers;
  for (const auto& field : fields) {
    std::string name(field.name_string());
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    headers.emplace_back(std::move(name), std::string(field.value()));
  }
  return headers;
}

std::string response_text(const http_response& response, bool keep_alive, bool with_body) {
  const auto reason = http::obsolete_reason(static_cast<http::status>(response.status));
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason) + "\r\n";
  for (const auto& [name, value] : response.headers)
    text += name + ": " + value + "\r\n";
  if (!response.content_type.empty())
    text += "Content-Type: " + response.content_type + "\r\n";
  if (response.status != 204 && !response.events)
    text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  text += "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n";
  text += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
  return with_body ? text + response.body : text;
}

std::optional<api_error> refusal_of(failure ec) {
  if (ec == http::error::body_limit)
    return api_error{
        413, "too_large", "the body is larger than this node takes", "send large things by reference", {}};
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow)
    return api_error{431, "too_large", "the header fields are larger than this node takes", {}, {}};
  if (ec == http::error::partial_message || ec == http::error::end_of_stream)
    return std::nullopt;
  if (ec.category() == make_error_code(http::error::bad_method).category())
    return bad_request("this is no HTTP request: " + ec.message());
  return std::nullopt;
}

} // namespace

/// One connection. Everything but the two public verbs runs on its strand.
class session : public std::enable_shared_from_this<session> {
public:
  session(connection_hub& hub, tcp::socket socket)
      : hub_(hub)
      , limits_(hub.behind().limits())
      , stream_(std::move(socket))
      , deadline_(stream_.get_executor()) {
    failure ec;
    auto remote = stream_.socket().remote_endpoint(ec);
    if (!ec)
      peer_ = remote.address().to_string() + ":" + std::to_string(remote.port());
  }

  void start(bool full) {
    net::post(stream_.get_executor(), [self = shared_from_this(), full] {
      if (full)
        self->refuse(
            {503, "overloaded", "this node has all the connections it takes", "try again in a moment", {}});
      else
        self->await_request();
    });
  }

  void finish_up() {
    net::post(stream_.get_executor(), [self = shared_from_this()] {
      if (self->idle_ || self->events_)
        self->close();
    });
  }

  void cut() {
    net::post(stream_.get_executor(), [self = shared_from_this()] { self->close(); });
  }

private:
  void await_request() {
    if (buffer_.size() > 0)
      return read_header();
    if (hub_.draining())
      return close();
    idle_ = true;
    stream_.expires_after(limits_.idle_time);
    stream_.async_read_some(buffer_.prepare(first_read_bytes),
                            [self = shared_from_this()](failure ec, std::size_t n) {
                              self->idle_ = false;
                              if (ec)
                                return self->close();
                              self->buffer_.commit(n);
                              self->read_header();
                            });
  }

  void read_header() {
    parser_.emplace();
    parser_->header_limit(limits_.header_bytes);
    parser_->body_limit(limits_.body_bytes);
    stream_.expires_after(limits_.header_time);
    http::async_read_header(stream_, buffer_, *parser_, [self = shared_from_this()](failure ec, std::size_t) {
      if (ec)
        return self->unreadable(ec);
      self->header_read();
    });
  }

  void header_read() {
    if (parser_->is_done())
      return dispatch();
    if (!beast::iequals(parser_->get()[http::field::expect], "100-continue"))
      return read_body();
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    net::async_write(stream_, net::buffer(go_on), [self = shared_from_this()](failure ec, std::size_t) {
      if (ec)
        return self->close();
      self->read_body();
    });
  }

  void read_body() {
    stream_.expires_after(limits_.body_time);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](failure ec, std::size_t) {
      if (ec)
        return self->unreadable(ec);
      self->dispatch();
    });
  }

  void dispatch() {
    stream_.expires_never();
    auto message = parser_->release();
    keep_alive_ = message.keep_alive();
    with_body_ = message.method() != http::verb::head;
    raw_request request;
    request.method =
        method_named(std::string_view(message.method_string().data(), message.method_string().size()));
    request.target = std::string(message.target());
    request.headers = lower_headers(message);
    request.body = std::move(message.body());
    request.peer = peer_;
    const auto turn = ++turn_;
    arm_deadline(turn);
    hub_.behind().handle(std::move(request), responder_of(turn));
  }

  /// Holds nobody alive: an answer may come when connection and server are long gone.
  responder responder_of(std::uint64_t turn) {
    return [hub = hub_.weak_from_this(), who = weak_from_this(), turn](http_response response) {
      auto alive = hub.lock();
      auto self = who.lock();
      if (!alive || !self)
        return;
      net::post(self->stream_.get_executor(), [self, turn, response = std::move(response)]() mutable {
        if (turn == self->turn_)
          self->write(std::move(response));
      });
    };
  }

  void arm_deadline(std::uint64_t turn) {
    deadline_.expires_after(limits_.handler_time);
    deadline_.async_wait([self = shared_from_this(), turn](failure ec) {
      if (!ec && turn == self->turn_)
        self->write(error_response(api_error{504, "timeout", "the node gave no answer in time", {}, {}}));
    });
  }

  void write(http_response response) {
    ++turn_; // whoever answers later answers nobody
    deadline_.cancel();
    const bool keep = keep_alive_ && !hub_.draining() && !response.events;
    out_ = response_text(response, keep, with_body_); // a stream has no length, so before it moves out
    events_ = with_body_ ? std::move(response.events) : nullptr;
    stream_.expires_after(limits_.write_time);
    net::async_write(stream_, net::buffer(out_), [self = shared_from_this(), keep](failure ec, std::size_t) {
      if (ec)
        return self->close();
      if (self->events_)
        return self->pull();
      if (keep)
        return self->await_request();
      self->linger();
    });
  }

  /// Asks the stream for its next piece. Holds nobody alive while it waits, like a responder.
  void pull() {
    stream_.expires_never();
    auto give = [hub = hub_.weak_from_this(), who = weak_from_this()](std::optional<std::string> piece) {
      auto alive = hub.lock();
      auto self = who.lock();
      if (alive && self)
        net::post(self->stream_.get_executor(),
                  [self, piece = std::move(piece)]() mutable { self->pass_on(std::move(piece)); });
    };
    events_->next(std::move(give));
  }

  void pass_on(std::optional<std::string> piece) {
    if (closed_)
      return;
    if (!piece || hub_.draining())
      return close();
    if (piece->empty() && ++silent_ % (limits_.stream_keep_alive / limits_.stream_pause) != 0)
      return pause_stream();
    out_ = piece->empty() ? ": still here\n\n" : std::move(*piece);
    stream_.expires_after(limits_.write_time);
    net::async_write(stream_, net::buffer(out_), [self = shared_from_this()](failure ec, std::size_t) {
      if (ec)
        return self->close();
      self->pull();
    });
  }

  void pause_stream() {
    deadline_.expires_after(limits_.stream_pause);
    deadline_.async_wait([self = shared_from_this()](failure ec) {
      if (!ec && !self->closed_)
        self->pull();
    });
  }

  void unreadable(failure ec) {
    if (auto problem = refusal_of(ec))
      return refuse(*problem);
    close();
  }

  void refuse(const api_error& problem) {
    keep_alive_ = false;
    write(hub_.behind().refuse(problem, peer_));
  }

  /// Closing with unread bytes would reset the connection and destroy the answer on its way.
  void linger() {
    failure ignored; // the peer may be gone already
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(limits_.linger_time);
    discard(linger_bytes);
  }

  void discard(std::size_t left) {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(first_read_bytes),
                            [self = shared_from_this(), left](failure ec, std::size_t n) {
                              if (ec || n >= left)
                                return self->close();
                              self->discard(left - n);
                            });
  }

  void close() {
    if (closed_)
      return;
    closed_ = true;
    ++turn_;
    deadline_.cancel();
    stream_.close();
    hub_.left(shared_from_this());
  }

  connection_hub& hub_;
  const http_limits& limits_;
  beast::tcp_stream stream_;
  net::steady_timer deadline_;
  beast::flat_buffer buffer_;
  std::optional<request_parser> parser_;
  std::string out_;
  std::string peer_;
  std::shared_ptr<event_stream> events_; // while a body goes on
  std::int64_t silent_ = 0;              // times the stream had nothing
  std::uint64_t turn_ = 0; // grows with every request and every answer: late answers find another number
  bool idle_ = false;
  bool keep_alive_ = true;
  bool with_body_ = true;
  bool closed_ = false;
};

connection_hub::connection_hub(const dispatcher& behind)
    : behind_(behind)
    , io_(std::make_unique<net::io_context>()) {}

connection_hub::~connection_hub() = default;

void connection_hub::adopt(int descriptor, bool v6, bool full) {
  tcp::socket socket(net::make_strand(*io_));
  failure ec;
  socket.assign(v6 ? tcp::v6() : tcp::v4(), descriptor, ec);
  if (ec) { // the loop has no room for it: the peer sees a closed connection and tries again
    ::close(descriptor);
    return;
  }
  auto guest = std::make_shared<session>(*this, std::move(socket));
  {
    std::lock_guard lock(guard_);
    sessions_.insert(guest);
    count_ = sessions_.size();
  }
  guest->start(full);
}

void connection_hub::left(const std::shared_ptr<session>& who) {
  std::lock_guard lock(guard_);
  sessions_.erase(who);
  count_ = sessions_.size();
  if (sessions_.empty())
    empty_.notify_all();
}

std::vector<std::shared_ptr<session>> connection_hub::everybody() {
  std::lock_guard lock(guard_);
  return {sessions_.begin(), sessions_.end()};
}

bool connection_hub::drain(std::chrono::milliseconds limit) {
  draining_ = true;
  for (const auto& guest : everybody())
    guest->finish_up();
  std::unique_lock lock(guard_);
  if (empty_.wait_for(lock, limit, [this] { return sessions_.empty(); }))
    return true;
  lock.unlock();
  for (const auto& guest : everybody())
    guest->cut();
  return false;
}

void connection_hub::forget_all() {
  std::lock_guard lock(guard_);
  sessions_.clear();
  count_ = 0;
}

} // namespace troupe::gateway
