#include "tests/support/http_fixture.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace troupe::testing {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// What the connections and the test's thread share.
struct ledger {
  std::mutex guard;
  std::vector<scripted_answer> script;
  std::vector<seen_request> seen;
  std::size_t connections = 0;

  scripted_answer record(seen_request request) {
    const std::lock_guard lock(guard);
    seen.push_back(std::move(request));
    return script[std::min(seen.size(), script.size()) - 1];
  }
};

seen_request parse_head(const std::string& head) {
  seen_request out;
  std::istringstream lines(head);
  lines >> out.method >> out.target;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && line != "\r") {
    const auto colon = line.find(':');
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto start = std::min(line.find_first_not_of(' ', colon + 1), line.size());
    out.headers[name] = line.substr(start, line.find('\r') - start);
  }
  return out;
}

/// One connection: read a request, play its answer, begin again. Owns itself through the handlers it waits
/// in.
class session : public std::enable_shared_from_this<session> {
public:
  session(tcp::socket socket, ledger& book)
      : socket_(std::move(socket))
      , timer_(socket_.get_executor())
      , book_(book) {}

  void read() {
    asio::async_read_until(socket_, buffer_, "\r\n\r\n",
                           [self = shared_from_this()](error_code e, std::size_t n) {
                             if (!e)
                               self->read_body(n);
                           });
  }

private:
  void read_body(std::size_t head_bytes) {
    std::string head(asio::buffers_begin(buffer_.data()),
                     asio::buffers_begin(buffer_.data()) + static_cast<std::ptrdiff_t>(head_bytes));
    buffer_.consume(head_bytes);
    request_ = parse_head(head);
    const auto length = request_.headers.find("content-length");
    const std::size_t wanted = length == request_.headers.end() ? 0 : std::stoul(length->second);
    const std::size_t missing = wanted > buffer_.size() ? wanted - buffer_.size() : 0;
    asio::async_read(socket_, buffer_, asio::transfer_exactly(missing),
                     [self = shared_from_this(), wanted](error_code e, std::size_t) {
                       if (!e)
                         self->answer(wanted);
                     });
  }

  void answer(std::size_t body_bytes) {
    request_.body.assign(asio::buffers_begin(buffer_.data()),
                         asio::buffers_begin(buffer_.data()) + static_cast<std::ptrdiff_t>(body_bytes));
    buffer_.consume(body_bytes);
    script_ = book_.record(std::move(request_));
    play(0);
  }

  void play(std::size_t part) {
    if (part == script_.parts.size())
      return end();
    timer_.expires_after(script_.parts[part].before);
    timer_.async_wait([self = shared_from_this(), part](error_code e) {
      if (!e)
        self->write(part);
    });
  }

  void write(std::size_t part) {
    asio::async_write(socket_, asio::buffer(script_.parts[part].bytes),
                      [self = shared_from_this(), part](error_code e, std::size_t) {
                        if (!e)
                          self->play(part + 1);
                      });
  }

  void end() {
    if (script_.end == scripted_answer::ending::keep)
      return read();
    if (script_.end == scripted_answer::ending::close) {
      error_code ignored; // the other side may have gone first
      socket_.shutdown(tcp::socket::shutdown_both, ignored);
      return;
    }
    timer_.expires_after(std::chrono::hours(1)); // keeps the connection open until the fixture stops
    timer_.async_wait([self = shared_from_this()](error_code) {});
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  ledger& book_;
  asio::streambuf buffer_;
  seen_request request_;
  scripted_answer script_;
};

std::string chunk(const std::string& bytes) {
  std::ostringstream out;
  out << std::hex << bytes.size() << "\r\n" << bytes << "\r\n";
  return out.str();
}

} // namespace

struct http_fixture::server {
  explicit server(std::vector<scripted_answer> script)
      : acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    if (script.empty())
      throw std::invalid_argument("a fixture needs at least one answer");
    book.script = std::move(script);
    accept();
    thread = std::thread([this] { io.run(); });
  }

  ~server() {
    io.stop();
    thread.join();
  }

  void accept() {
    acceptor.async_accept([this](error_code e, tcp::socket socket) {
      if (e)
        return;
      {
        const std::lock_guard lock(book.guard);
        ++book.connections;
      }
      std::make_shared<session>(std::move(socket), book)->read();
      accept();
    });
  }

  ledger book;
  asio::io_context io;
  tcp::acceptor acceptor;
  std::thread thread;
};

http_fixture::http_fixture(std::vector<scripted_answer> script)
    : server_(std::make_unique<server>(std::move(script))) {}

http_fixture::~http_fixture() = default;

std::string http_fixture::url() const {
  return "http://127.0.0.1:" + std::to_string(server_->acceptor.local_endpoint().port());
}

std::vector<seen_request> http_fixture::seen() const {
  const std::lock_guard lock(server_->book.guard);
  return server_->book.seen;
}

std::size_t http_fixture::connections() const {
  const std::lock_guard lock(server_->book.guard);
  return server_->book.connections;
}

scripted_answer json_answer(int status, std::string_view body, const std::vector<std::string>& headers) {
  std::ostringstream out;
  out << "HTTP/1.1 " << status << " Scripted\r\nContent-Type: application/json\r\n";
  for (const auto& line : headers)
    out << line << "\r\n";
  out << "Content-Length: " << body.size() << "\r\n\r\n" << body;
  scripted_answer answer;
  answer.parts.push_back({out.str()});
  return answer;
}

scripted_answer stream_answer(const std::vector<std::string>& data) {
  auto answer = cut_stream(data);
  answer.parts.push_back({"0\r\n\r\n"});
  answer.end = scripted_answer::ending::keep;
  return answer;
}

scripted_answer cut_stream(const std::vector<std::string>& data) {
  scripted_answer answer;
  answer.parts.push_back({"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; "
                          "charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"});
  for (const auto& text : data)
    answer.parts.push_back({chunk("data: " + text + "\n\n")});
  answer.end = scripted_answer::ending::close;
  return answer;
}

scripted_answer silence() {
  scripted_answer answer;
  answer.end = scripted_answer::ending::hang;
  return answer;
}

std::uint16_t closed_port() {
  asio::io_context io;
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  return acceptor.local_endpoint().port(); // closed again on return
}

} // namespace troupe::testing
