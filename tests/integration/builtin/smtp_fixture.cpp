#include "tests/integration/builtin/smtp_fixture.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <istream>
#include <mutex>
#include <thread>

namespace troupe::testing {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct ledger {
  std::map<std::string, std::string> replies;
  mutable std::mutex guard;
  std::vector<std::string> commands;
  std::vector<std::string> mails;
};

/// One connection. Owns itself through the handlers it waits in.
class session : public std::enable_shared_from_this<session> {
public:
  session(tcp::socket socket, ledger& book)
      : socket_(std::move(socket))
      , book_(book) {}

  void say(const std::string& line) {
    if (line.empty())
      return; // the socket closes with the last handler
    reply_ = line + "\r\n";
    asio::async_write(socket_, asio::buffer(reply_), [self = shared_from_this()](error_code e, std::size_t) {
      if (!e)
        self->read();
    });
  }

private:
  void read() {
    asio::async_read_until(socket_, buffer_, "\r\n", [self = shared_from_this()](error_code e, std::size_t) {
      if (!e)
        self->take();
    });
  }

  void take() {
    std::istream in(&buffer_);
    std::string line;
    std::getline(in, line);
    line.pop_back();
    in_mail_ ? take_mail(line) : take_command(line);
  }

  void take_mail(const std::string& line) {
    if (line == ".") {
      in_mail_ = false;
      {
        const std::lock_guard lock(book_.guard);
        book_.mails.push_back(std::move(mail_));
      }
      mail_.clear();
      return say(reply_to("DATA-END", "250 taken"));
    }
    mail_ += (line.starts_with('.') ? line.substr(1) : line) + "\r\n";
    read();
  }

  void take_command(const std::string& line) {
    {
      const std::lock_guard lock(book_.guard);
      book_.commands.push_back(line);
    }
    const auto verb = line.substr(0, line.find(' '));
    in_mail_ = verb == "DATA" && !book_.replies.contains("DATA");
    const std::string usual = verb == "DATA"   ? "354 go on"
                              : verb == "EHLO" ? "250-here\r\n250 AUTH PLAIN"
                              : verb == "AUTH" ? "235 welcome"
                                               : "250 fine";
    say(reply_to(verb, usual));
  }

  std::string reply_to(const std::string& verb, const std::string& usual) const {
    const auto found = book_.replies.find(verb);
    return found == book_.replies.end() ? usual : found->second;
  }

  tcp::socket socket_;
  ledger& book_;
  asio::streambuf buffer_;
  std::string reply_;
  std::string mail_;
  bool in_mail_ = false;
};

} // namespace

struct smtp_fixture::server {
  explicit server(std::map<std::string, std::string> replies)
      : acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    book.replies = std::move(replies);
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
      std::make_shared<session>(std::move(socket), book)->say("220 scripted");
      accept();
    });
  }

  ledger book;
  asio::io_context io;
  tcp::acceptor acceptor;
  std::thread thread;
};

smtp_fixture::smtp_fixture(std::map<std::string, std::string> replies)
    : server_(std::make_unique<server>(std::move(replies))) {}
smtp_fixture::~smtp_fixture() = default;

std::uint16_t smtp_fixture::port() const { return server_->acceptor.local_endpoint().port(); }

std::vector<std::string> smtp_fixture::commands() const {
  const std::lock_guard lock(server_->book.guard);
  return server_->book.commands;
}

std::vector<std::string> smtp_fixture::mails() const {
  const std::lock_guard lock(server_->book.guard);
  return server_->book.mails;
}

} // namespace troupe::testing
