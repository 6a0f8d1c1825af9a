#include "workflows/language/reporter.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

std::pair<std::size_t, std::size_t> bytes_of(const config::range& where) {
  return {where.begin.offset, where.end.offset};
}

} // namespace

void reporter::reject(const config::node& at, std::string_view code, std::string message, std::string hint) {
  unusable_.insert(bytes_of(at.where()));
  error(at, code, std::move(message), std::move(hint));
}

void reporter::error(const config::source& in, const config::range& where, std::string_view code,
                     std::string message, std::string hint) {
  ++errors_;
  if (first_about(where))
    found_.add(config::make_error(in, where, code, std::move(message), std::move(hint)));
}

void reporter::error(const config::node& at, std::string_view code, std::string message, std::string hint) {
  error(at.in(), at.where(), code, std::move(message), std::move(hint));
}

void reporter::error(const config::node& at, std::string_view code, std::string message, std::string hint,
                     const config::node& other, std::string note) {
  ++errors_;
  if (!first_about(at.where()))
    return;
  auto made = config::make_error(at.in(), at.where(), code, std::move(message), std::move(hint));
  made.notes.push_back(config::make_note(other.in(), other.where(), std::move(note)));
  found_.add(std::move(made));
}

void reporter::warning(const config::source& in, const config::range& where, std::string_view code,
                       std::string message, std::string hint) {
  if (!first_about(where))
    return;
  auto made = config::make_error(in, where, code, std::move(message), std::move(hint));
  made.level = config::severity::warning;
  found_.add(std::move(made));
}

bool reporter::rejected(const config::node& value) const {
  return unusable_.contains(bytes_of(value.where()));
}

bool reporter::mentioned(const config::range& where) const {
  return std::any_of(places_.begin(), places_.end(), [&](const auto& place) {
    return place.first < where.end.offset && where.begin.offset < place.second;
  });
}

bool reporter::first_about(const config::range& where) { return places_.insert(bytes_of(where)).second; }

} // namespace troupe::workflow
