#include "tests/postgres/reply_thief.hpp"

#include "config/result.hpp"

#include <array>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace troupe::testing {
namespace {

constexpr const char* socket_name = ".s.PGSQL.5432";

sockaddr_un named(const std::filesystem::path& path) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  ensure(path.string().size() < sizeof at.sun_path, "a socket's name is short");
  std::strncpy(at.sun_path, path.c_str(), sizeof at.sun_path - 1);
  return at;
}

int unix_socket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); }

void send_all(int to, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(to, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0)
      return;
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
}

} // namespace

reply_thief::reply_thief(std::filesystem::path server_socket)
    : server_socket_(std::move(server_socket)) {
  listener_ = unix_socket();
  const sockaddr_un at = named(folder_.path() / socket_name);
  ensure(::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 &&
             ::listen(listener_, 16) == 0,
         "the thief has a socket");
  ensure(::pipe(wake_) == 0, "the thief can be woken");
  thread_ = std::thread([this] { run(); });
}

reply_thief::~reply_thief() {
  static_cast<void>(::write(wake_[1], "x", 1));
  thread_.join();
  for (const pair& p : pairs_) {
    ::close(p.client);
    ::close(p.server);
  }
  ::close(listener_);
  ::close(wake_[0]);
  ::close(wake_[1]);
}

void reply_thief::steal_answer_to(std::string text) {
  const std::lock_guard hold(mutex_);
  wanted_ = std::move(text);
  stolen_ = false;
}

void reply_thief::run() {
  for (;;) {
    std::vector<pollfd> watched = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const pair& p : pairs_) {
      watched.push_back({p.client, POLLIN, 0});
      watched.push_back({p.server, POLLIN, 0});
    }
    ::poll(watched.data(), watched.size(), -1);
    if (watched[0].revents != 0)
      return;
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      bool alive = true;
      if (watched[2 + 2 * i].revents != 0)
        alive = pass(pairs_[i], true);
      if (alive && watched[3 + 2 * i].revents != 0)
        alive = pass(pairs_[i], false);
      if (alive)
        continue;
      ::close(pairs_[i].client);
      ::close(pairs_[i].server);
      pairs_.erase(pairs_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (watched[1].revents != 0)
      accept();
  }
}

void reply_thief::accept() {
  pair fresh;
  fresh.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  fresh.server = unix_socket();
  const sockaddr_un at = named(server_socket_);
  if (::connect(fresh.server, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) {
    pairs_.push_back(fresh);
    return;
  }
  ::close(fresh.client);
  ::close(fresh.server);
}

/// False: the connection is over.
bool reply_thief::pass(pair& between, bool from_client) {
  std::array<char, 64 * 1024> bytes;
  const ssize_t got = ::recv(from_client ? between.client : between.server, bytes.data(), bytes.size(), 0);
  if (got <= 0)
    return false;
  const auto size = static_cast<std::size_t>(got);
  if (!from_client) {
    // Answered, hence carried out.
    stolen_ = stolen_ || between.robbed;
    if (!between.robbed)
      send_all(between.client, bytes.data(), size);
    return !between.robbed;
  }
  const std::lock_guard hold(mutex_);
  if (!wanted_.empty() && std::string_view(bytes.data(), size).find(wanted_) != std::string_view::npos) {
    wanted_.clear();
    between.robbed = true;
  }
  send_all(between.server, bytes.data(), size);
  return true;
}

} // namespace troupe::testing
