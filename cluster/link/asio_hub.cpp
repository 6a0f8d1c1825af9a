#include "cluster/link/asio_hub.hpp"

#include "cluster/link/framing.hpp"
#include "cluster/link/lane_stream.hpp"

#include <array>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <netinet/tcp.h>
#include <optional>
#include <set>
#include <thread>

namespace troupe::cluster {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr milliseconds connect_patience{1'000}; // handshakes included
constexpr milliseconds retry_first{50};
constexpr milliseconds retry_most{1'000};
constexpr int unanswered_ms = 3'000; // written, never acknowledged by the other machine

std::optional<tcp::endpoint> endpoint_of(const std::string& address) {
  auto colon = address.rfind(':');
  error_code e;
  auto host = asio::ip::make_address(address.substr(0, colon), e);
  if (e || colon == std::string::npos)
    return std::nullopt;
  return tcp::endpoint(host,
                       static_cast<std::uint16_t>(std::strtoul(address.c_str() + colon + 1, nullptr, 10)));
}

void tune(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms, sizeof unanswered_ms);
}

/// A socket, with TLS on it or without.
class channel {
public:
  channel(tcp::socket socket, ssl::context* tls)
      : socket_(std::move(socket)) {
    if (tls)
      tls_.emplace(socket_, *tls);
  }
  tcp::socket& socket() { return socket_; }

  template<class Handler>
  void shake_hands(ssl::stream_base::handshake_type as, Handler done) {
    tls_ ? tls_->async_handshake(as, std::move(done)) : done(error_code());
  }
  template<class Handler>
  void read_some(asio::mutable_buffer into, Handler done) {
    tls_ ? tls_->async_read_some(into, std::move(done)) : socket_.async_read_some(into, std::move(done));
  }
  template<class Handler>
  void write(asio::const_buffer from, Handler done) {
    tls_ ? asio::async_write(*tls_, from, std::move(done))
         : asio::async_write(socket_, from, std::move(done));
  }
  void close() {
    error_code ignored;
    socket_.close(ignored);
  }

private:
  tcp::socket socket_;
  std::optional<ssl::stream<tcp::socket&>> tls_;
};

/// One connection: whole payloads in and out, a deadline for its beginning. Ends once, for one reason.
class connection : public std::enable_shared_from_this<connection> {
public:
  connection(tcp::socket socket, ssl::context* tls)
      : channel_(std::move(socket), tls)
      , deadline_(channel_.socket().get_executor())
      , reader_(link_limits::greeting_bytes) {}

  std::function<void(std::string payload)> on_payload;
  std::function<void(std::string why)> on_end;
  std::function<void()> on_written;

  tcp::socket& socket() { return channel_.socket(); }

  void expect_within(milliseconds patience) {
    deadline_.expires_after(patience);
    deadline_.async_wait([self = shared_from_this()](error_code e) {
      if (!e)
        self->end("no answer within " + std::to_string(connect_patience.count()) + " ms");
    });
  }
  void established() {
    deadline_.cancel();
    reader_.allow(link_limits::frame_bytes);
  }
  void shake_hands(ssl::stream_base::handshake_type as, std::function<void()> then) {
    channel_.shake_hands(as, [self = shared_from_this(), then](error_code e) {
      e ? self->end("TLS: " + e.message()) : then();
    });
  }
  void read() {
    channel_.read_some(asio::buffer(incoming_), [self = shared_from_this()](error_code e, std::size_t n) {
      if (e)
        return self->end(e.message());
      self->reader_.add({self->incoming_.data(), n});
      self->hand_out();
    });
  }
  bool writing() const { return writing_; }
  void write(std::string payload) {
    writing_ = true;
    outgoing_ = framed(payload);
    channel_.write(asio::buffer(outgoing_), [self = shared_from_this()](error_code e, std::size_t) {
      self->writing_ = false;
      if (e)
        return self->end(e.message());
      if (!self->ended_ && self->on_written)
        self->on_written();
    });
  }
  void end(const std::string& why) {
    if (std::exchange(ended_, true))
      return;
    deadline_.cancel();
    channel_.close();
    auto told = std::move(on_end);
    on_payload = nullptr;
    on_written = nullptr;
    if (told)
      told(why);
  }

private:
  void hand_out() {
    while (!ended_) {
      auto payload = reader_.next();
      if (!payload)
        return end(payload.error().message);
      if (!*payload)
        return read();
      if (auto take = on_payload)
        take(std::move(**payload));
    }
  }

  channel channel_;
  asio::steady_timer deadline_;
  frame_reader reader_;
  std::array<char, 64 * 1024> incoming_{};
  std::string outgoing_;
  bool writing_ = false;
  bool ended_ = false;
};

using connection_ptr = std::shared_ptr<connection>;

struct outlet { // what this node has to say to one peer on one lane
  lane_sender sender;
  connection_ptr link;
  milliseconds retry = retry_first;
  std::uint64_t dialed = 0; // attempts so far; answers for an earlier one are not for this one
};

struct peer {
  std::string address;
  std::array<outlet, link_lanes> lanes;
};

} // namespace

struct asio_hub::parts {
  parts(options o, events e)
      : how(std::move(o))
      , tell(std::move(e))
      , acceptor(io) {}

  result<void> listen();
  result<void> secure();
  void accept();
  void welcome_or_not(const connection_ptr& c, const std::string& bytes, std::shared_ptr<bool> greeted);
  void take_batches(const connection_ptr& c, node_epoch from, link_lane on);
  void dial(node_epoch to, link_lane on);
  void dial_later(node_epoch to, link_lane on);
  void greet(node_epoch to, link_lane on, const connection_ptr& c);
  void pump(outlet& o);
  void ended(node_epoch to, link_lane on, std::uint64_t attempt, const std::string& why);
  outlet* find(node_epoch to, link_lane on);
  void log_once(const std::string& sentence) {
    if (logged.size() < 1'000 && logged.insert(sentence).second)
      tell.log("warning", sentence);
  }
  ssl::context* tls() { return context ? &*context : nullptr; }

  options how;
  events tell;
  asio::io_context io{1};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> busy;
  std::optional<ssl::context> context;
  tcp::acceptor acceptor;
  std::string address;
  std::map<node_epoch, peer> peers;
  std::map<std::pair<node_epoch, link_lane>, lane_receiver> receivers;
  std::map<std::pair<node_epoch, link_lane>, connection_ptr> inlets;
  std::set<connection_ptr> strangers; // accepted, not greeted yet
  std::set<std::string> logged;
  std::thread thread;
};

result<void> asio_hub::parts::secure() {
  if (how.ca_file.empty() && how.certificate_file.empty() && how.key_file.empty())
    return {};
  error_code e;
  context.emplace(ssl::context::tlsv13);
  context->load_verify_file(how.ca_file, e);
  if (!e)
    context->use_certificate_chain_file(how.certificate_file, e);
  if (!e)
    context->use_private_key_file(how.key_file, ssl::context::pem, e);
  if (!e)
    context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, e);
  if (e)
    return fail(fault::invalid, "the node's certificates cannot be used: " + e.message(),
                "troupe node certs makes a CA and certificates");
  return {};
}

result<void> asio_hub::parts::listen() {
  error_code e;
  auto host = asio::ip::make_address(how.host, e);
  if (e)
    return fail(fault::invalid, "\"" + how.host + "\" is no address to listen on");
  if (!context && !host.is_loopback())
    return fail(fault::refused, "links without TLS stay on this machine, and " + how.host + " is not local",
                "give it certificates: troupe node certs");
  tcp::endpoint at(host, how.port);
  acceptor.open(at.protocol(), e);
  if (!e)
    acceptor.set_option(tcp::acceptor::reuse_address(true), e);
  if (!e)
    acceptor.bind(at, e);
  if (!e)
    acceptor.listen(asio::socket_base::max_listen_connections, e);
  if (e)
    return fail(fault::conflict, "cannot listen for other nodes on " + how.host + ": " + e.message());
  address = how.host + ':' + std::to_string(acceptor.local_endpoint().port());
  return {};
}

void asio_hub::parts::accept() {
  acceptor.async_accept([this](error_code e, tcp::socket socket) {
    if (!acceptor.is_open())
      return;
    if (!e) {
      tune(socket);
      auto c = std::make_shared<connection>(std::move(socket), tls());
      auto greeted = std::make_shared<bool>(false);
      strangers.insert(c);
      c->on_end = [this, c = std::weak_ptr(c)](const std::string& why) {
        if (why.starts_with("TLS"))
          log_once("a connection was refused: " + why);
        strangers.erase(c.lock());
      };
      c->on_payload = [this, c = std::weak_ptr(c), greeted](const std::string& bytes) {
        welcome_or_not(c.lock(), bytes, greeted);
      };
      c->expect_within(connect_patience);
      c->shake_hands(ssl::stream_base::server, [c] { c->read(); });
    }
    accept();
  });
}

void asio_hub::parts::welcome_or_not(const connection_ptr& c, const std::string& bytes,
                                     std::shared_ptr<bool> greeted) {
  if (std::exchange(*greeted, true))
    return;
  auto g = decode_greeting(bytes);
  welcome w;
  w.refused = g ? refusal(*g, how.cluster, how.self, tell.lives(g->from)) : g.error().message;
  strangers.erase(c);
  if (!w.refused.empty()) {
    log_once("a link was refused: " + w.refused);
    c->on_written = [c = std::weak_ptr(c)] {
      if (auto here = c.lock())
        here->end("refused");
    };
    return c->write(encode(w));
  }
  auto key = std::pair(g->from, g->lane);
  w.received = receivers[key].received();
  c->established();
  if (auto former = std::exchange(inlets[key], c))
    former->end("replaced");
  take_batches(c, g->from, g->lane);
  c->write(encode(w));
}

/// Acknowledgements are gathered: while one is written, the next covers all that came meanwhile.
void asio_hub::parts::take_batches(const connection_ptr& c, node_epoch from, link_lane on) {
  auto told = std::make_shared<std::uint64_t>(receivers[{from, on}].received());
  auto acknowledge = [this, from, on, told, c = std::weak_ptr(c)] {
    auto here = c.lock();
    auto received = receivers[{from, on}].received();
    if (!here || here->writing() || received == *told)
      return;
    *told = received;
    here->write(encode_ack(received));
  };
  c->on_written = acknowledge;
  c->on_payload = [this, from, on, acknowledge, c = std::weak_ptr(c)](const std::string& bytes) {
    auto frames = receivers[{from, on}].take(bytes);
    if (!frames) {
      log_once("a link with epoch " + std::to_string(from) + " ends: " + frames.error().message);
      if (auto here = c.lock())
        here->end(frames.error().message);
      return;
    }
    for (auto& frame : *frames)
      tell.received(from, on, std::move(frame));
    acknowledge();
  };
  c->on_end = [this, from, on, c = std::weak_ptr(c)](const std::string&) {
    auto at = inlets.find({from, on});
    if (at != inlets.end() && at->second == c.lock())
      inlets.erase(at);
  };
}

outlet* asio_hub::parts::find(node_epoch to, link_lane on) {
  auto found = peers.find(to);
  return found == peers.end() ? nullptr : &found->second.lanes[static_cast<std::size_t>(on)];
}

void asio_hub::parts::dial(node_epoch to, link_lane on) {
  auto* o = find(to, on);
  if (!o || o->link)
    return;
  auto target = endpoint_of(peers.at(to).address);
  if (!target)
    return log_once("epoch " + std::to_string(to) + " has no address to dial: " + peers.at(to).address);
  auto c = std::make_shared<connection>(tcp::socket(io), tls());
  o->link = c;
  auto attempt = ++o->dialed;
  c->on_end = [this, to, on, attempt](const std::string& why) { ended(to, on, attempt, why); };
  c->expect_within(connect_patience);
  c->socket().async_connect(*target, [this, to, on, c](error_code problem) {
    if (problem)
      return c->end(problem.message());
    tune(c->socket());
    c->shake_hands(ssl::stream_base::client, [this, to, on, c] { greet(to, on, c); });
  });
}

void asio_hub::parts::greet(node_epoch to, link_lane on, const connection_ptr& c) {
  greeting g;
  g.cluster = how.cluster;
  g.from = how.self;
  g.to = to;
  g.lane = on;
  auto welcomed = std::make_shared<bool>(false);
  c->on_payload = [this, to, on, welcomed, c = std::weak_ptr(c)](const std::string& bytes) {
    auto here = c.lock();
    auto* o = find(to, on);
    if (!here || !o || o->link != here)
      return;
    if (!std::exchange(*welcomed, true)) {
      auto w = decode_welcome(bytes);
      if (!w || !w->refused.empty()) {
        auto why = w ? "refused by the other side: " + w->refused : w.error().message;
        log_once("no link to epoch " + std::to_string(to) + ": " + why);
        return here->end(why);
      }
      here->established();
      o->retry = retry_first;
      o->sender.opened(w->received, w->credit);
      return pump(*o);
    }
    auto received = decode_ack(bytes);
    if (!received || !o->sender.acknowledged(*received))
      return here->end("it acknowledges what was not sent");
    pump(*o);
  };
  c->on_written = [this, to, on] {
    if (auto* o = find(to, on))
      pump(*o);
  };
  c->read();
  c->write(encode(g));
}

void asio_hub::parts::pump(outlet& o) {
  if (!o.link || !o.sender.open() || o.link->writing())
    return;
  if (auto batch = o.sender.next_batch(); !batch.empty())
    o.link->write(std::move(batch));
}

void asio_hub::parts::ended(node_epoch to, link_lane on, std::uint64_t attempt, const std::string&) {
  auto* o = find(to, on);
  if (!o || o->dialed != attempt)
    return;
  bool stood = o->sender.open();
  o->link = nullptr;
  o->sender.closed();
  if (stood && on == link_lane::control)
    tell.lost(to);
  dial_later(to, on);
}

void asio_hub::parts::dial_later(node_epoch to, link_lane on) {
  auto* o = find(to, on);
  auto timer = std::make_shared<asio::steady_timer>(io, o->retry);
  o->retry = std::min(2 * o->retry, retry_most);
  timer->async_wait([this, to, on, timer](error_code e) {
    if (!e)
      dial(to, on);
  });
}

result<std::unique_ptr<asio_hub>> asio_hub::open(options how, events tell) {
  auto made = std::make_unique<parts>(std::move(how), std::move(tell));
  auto ready = made->secure().and_then([&] { return made->listen(); });
  if (!ready)
    return tl::unexpected(ready.error());
  made->busy.emplace(made->io.get_executor());
  made->accept();
  made->thread = std::thread([p = made.get()] { p->io.run(); });
  return std::unique_ptr<asio_hub>(new asio_hub(std::move(made)));
}

asio_hub::asio_hub(std::unique_ptr<parts> made)
    : parts_(std::move(made)) {}
asio_hub::~asio_hub() { stop(); }

void asio_hub::stop() {
  parts_->io.stop();
  if (parts_->thread.joinable())
    parts_->thread.join();
}

const std::string& asio_hub::address() const noexcept { return parts_->address; }

void asio_hub::post(std::function<void()> what) { asio::post(parts_->io, std::move(what)); }

void asio_hub::after(milliseconds wait, std::function<void()> what) {
  asio::post(parts_->io, [this, wait, what = std::move(what)]() mutable {
    auto timer = std::make_shared<asio::steady_timer>(parts_->io, wait);
    timer->async_wait([timer, what = std::move(what)](error_code e) {
      if (!e)
        what();
    });
  });
}

void asio_hub::set_peers(std::map<node_epoch, std::string> addresses) {
  post([this, addresses = std::move(addresses)] {
    auto& p = *parts_;
    std::vector<connection_ptr> dropped;
    for (auto& [epoch, former] : p.peers)
      if (!addresses.contains(epoch))
        for (auto& lane : former.lanes)
          dropped.push_back(std::exchange(lane.link, nullptr));
    for (auto& [key, link] : p.inlets)
      if (!addresses.contains(key.first))
        dropped.push_back(link);
    std::erase_if(p.peers, [&](const auto& former) { return !addresses.contains(former.first); });
    std::erase_if(p.receivers, [&](const auto& r) { return !addresses.contains(r.first.first); });
    for (auto& c : dropped)
      if (c)
        c->end("no member any more");
    for (const auto& [epoch, address] : addresses) {
      if (!p.peers.try_emplace(epoch).second)
        continue;
      p.peers[epoch].address = address;
      for (std::size_t lane = 0; lane < link_lanes; ++lane)
        p.dial(epoch, static_cast<link_lane>(lane));
    }
  });
}

void asio_hub::send(node_epoch to, link_lane on, std::string bytes) {
  post([this, to, on, bytes = std::move(bytes)]() mutable {
    auto* o = parts_->find(to, on);
    if (!o)
      return; // no member: whatever it was, it lies in the store
    if (!o->sender.offer(std::move(bytes)))
      return parts_->log_once("a queue to epoch " + std::to_string(to) +
                              " is full: what does not fit reaches it through the store");
    parts_->pump(*o);
  });
}

} // namespace troupe::cluster
