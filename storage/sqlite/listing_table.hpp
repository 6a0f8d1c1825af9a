#pragma once

#include "runtime/journal/listing.hpp"
#include "storage/sqlite/payload.hpp"

namespace troupe::storage {

/// The index of what people look for, as turns write it.
class listing_table {
public:
  listing_table(connection& db, payload_writer& payloads);
  void put(std::uint64_t birth, const journal::listing& line);
  void erase(std::uint64_t birth, const std::string& item);
  void erase_agent(std::uint64_t birth);

private:
  payload_writer& payloads_;
  statement put_;
  statement erase_;
  statement erase_agent_;
  statement add_attribute_;
  statement erase_attributes_;
  statement erase_agent_attributes_;
};

} // namespace troupe::storage
