#pragma once

#include "cluster/link/handshake.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::cluster {

/// The sending end of one lane to one peer. It outlives connections: what was not acknowledged is sent again
/// on the next. Bounded: a peer that does not read costs a queue, no more. Pure.
class lane_sender {
public:
  /// False: the queue is full and the frame was not taken.
  bool offer(std::string frame);
  /// A connection stands; the other side has everything up to `received`.
  void opened(std::uint64_t received, std::uint64_t credit);
  void closed() { open_ = false; }
  /// False: it acknowledges what was never sent.
  bool acknowledged(std::uint64_t received);
  /// A batch to write now; empty: nothing to send, or no credit.
  std::string next_batch();

  std::size_t queued_bytes() const noexcept { return bytes_; }
  bool open() const noexcept { return open_; }

private:
  void drop_until(std::uint64_t received);

  std::deque<std::string> frames_; // not acknowledged yet; the first has number first_
  std::uint64_t first_ = 1;
  std::size_t sent_ = 0; // of frames_, on this connection
  std::size_t sent_bytes_ = 0;
  std::size_t bytes_ = 0;
  std::size_t credit_ = 0;
  bool open_ = false;
};

/// The receiving end of one lane from one peer; outlives connections, too.
class lane_receiver {
public:
  /// The frames of a batch that are new, in order. A gap is refused: the connection must end.
  result<std::vector<std::string>> take(std::string_view batch);
  std::uint64_t received() const noexcept { return received_; }

private:
  std::uint64_t received_ = 0;
};

std::string encode_ack(std::uint64_t received);
result<std::uint64_t> decode_ack(std::string_view bytes);

} // namespace troupe::cluster
