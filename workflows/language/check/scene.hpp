#pragma once

#include "config/expression/scope.hpp"
#include "workflows/language/read/draft.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace troupe::workflow {

/// What a step's result is known to be.
struct known_result {
  expression::type type;
  std::shared_ptr<const schema> shape; // names its fields in the order written; may be null
};

enum class presence : std::uint8_t { none, maybe, sure };

/// What an expression sees where it stands.
struct scene {
  std::vector<presence> steps;                                    // by the step's number
  std::map<std::string, expression::type, std::less<>> variables; // item, index, error, event …
  std::set<std::string, std::less<>> guards;     // steps that a condition around this place asks about
  std::set<std::string, std::less<>> conditions; // texts of the conditions around this place
  bool approved = false;                         // a person was asked before
  const step* at = nullptr;                      // null: outside of all steps
};

/// The types of all variables at a place.
class scene_types : public expression::type_scope {
public:
  scene_types(std::map<std::string, expression::type, std::less<>> roots)
      : roots_(std::move(roots)) {}

  const expression::type* find(std::string_view root) const override;
  std::vector<std::string_view> names() const override;

private:
  std::map<std::string, expression::type, std::less<>> roots_;
};

/// What is there after a fork of which both ways, or only one, were taken.
void merge(scene& into, const scene& other, bool both_happen);

/// What may be there and may not.
void weaken(scene& into, const scene& other);

} // namespace troupe::workflow
