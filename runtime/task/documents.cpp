#include "runtime/task/documents.hpp"

namespace troupe {

void document_map::load(std::string key, std::string body) {
  bytes_ += body.size();
  documents_.insert_or_assign(std::move(key), std::move(body));
}

const std::string* document_map::find(std::string_view key) const {
  auto found = documents_.find(key);
  return found == documents_.end() ? nullptr : &found->second;
}

void document_map::remember(std::string_view key) {
  if (changes_.contains(key))
    return;
  auto* present = find(key);
  change c;
  if (present)
    c.before = *present;
  changes_.emplace(std::string(key), std::move(c));
}

void document_map::put(std::string_view key, std::string body) {
  remember(key);
  auto found = documents_.find(key);
  if (found == documents_.end())
    found = documents_.emplace(std::string(key), std::string()).first;
  bytes_ = bytes_ - found->second.size() + body.size();
  found->second = std::move(body);
}

void document_map::erase(std::string_view key) {
  auto found = documents_.find(key);
  if (found == documents_.end())
    return;
  remember(key);
  bytes_ -= found->second.size();
  documents_.erase(found);
}

void document_map::roll_back() {
  for (auto& [key, changed] : changes_) {
    if (auto found = documents_.find(key); found != documents_.end()) {
      bytes_ -= found->second.size();
      documents_.erase(found);
    }
    if (changed.before)
      load(key, *changed.before);
  }
  changes_.clear();
}

} // namespace troupe
