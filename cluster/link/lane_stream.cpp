#include "cluster/link/lane_stream.hpp"

#include "cluster/wire/link.pb.h"

namespace troupe::cluster {

bool lane_sender::offer(std::string frame) {
  if (bytes_ + frame.size() > link_limits::queue_bytes)
    return false;
  bytes_ += frame.size();
  frames_.push_back(std::move(frame));
  return true;
}

void lane_sender::drop_until(std::uint64_t received) {
  while (!frames_.empty() && first_ <= received) {
    bytes_ -= frames_.front().size();
    if (sent_ > 0) {
      --sent_;
      sent_bytes_ -= frames_.front().size();
    }
    frames_.pop_front();
    ++first_;
  }
}

void lane_sender::opened(std::uint64_t received, std::uint64_t credit) {
  drop_until(received);
  sent_ = 0;
  sent_bytes_ = 0;
  credit_ = credit;
  open_ = true;
}

bool lane_sender::acknowledged(std::uint64_t received) {
  if (received >= first_ + sent_)
    return false;
  drop_until(received);
  return true;
}

std::string lane_sender::next_batch() {
  wire::Batch batch;
  batch.set_first(first_ + sent_);
  std::size_t bytes = 0;
  while (open_ && sent_ < frames_.size() && bytes < link_limits::batch_bytes) {
    const auto& frame = frames_[sent_];
    // One frame may always be on its way, or one larger than the credit would wait for ever.
    if (sent_bytes_ > 0 && sent_bytes_ + frame.size() > credit_)
      break;
    batch.add_frames(frame);
    bytes += frame.size();
    sent_bytes_ += frame.size();
    ++sent_;
  }
  return batch.frames_size() == 0 ? std::string() : batch.SerializeAsString();
}

result<std::vector<std::string>> lane_receiver::take(std::string_view bytes) {
  wire::Batch batch;
  if (!batch.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(fault::corrupt, "a batch of frames cannot be read");
  if (batch.first() == 0 || batch.first() > received_ + 1)
    return fail(fault::corrupt, "frames up to " + std::to_string(batch.first()) + " are missing after " +
                                    std::to_string(received_));
  std::vector<std::string> fresh;
  auto number = batch.first();
  for (auto& frame : *batch.mutable_frames())
    if (number++ > received_)
      fresh.push_back(std::move(frame));
  received_ += fresh.size();
  return fresh;
}

std::string encode_ack(std::uint64_t received) {
  wire::Ack ack;
  ack.set_received(received);
  return ack.SerializeAsString();
}

result<std::uint64_t> decode_ack(std::string_view bytes) {
  wire::Ack ack;
  if (!ack.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(fault::corrupt, "an acknowledgement cannot be read");
  return ack.received();
}

} // namespace troupe::cluster
