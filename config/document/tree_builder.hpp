#pragma once

#include "config/document/tree.hpp"
#include "config/document/yaml_event.hpp"

#include <unordered_map>
#include <unordered_set>

namespace troupe::config {

/// Builds a tree from a stream of events, and finds all that is wrong with a document beyond its syntax.
class tree_builder {
public:
  tree_builder(tree& out, const document_limits& bounds, diagnostics& found)
      : tree_(out)
      , bounds_(bounds)
      , found_(found) {}

  /// False once reading on makes no sense: a limit is passed, or a second document begins.
  bool consume(const yaml_event& event);

  /// The innermost `[` or `{` that is still open.
  std::optional<range> open_bracket() const;

private:
  // A list or map whose end has not come yet.
  struct frame {
    std::uint32_t index = 0;
    bool bracketed = false;
    std::vector<std::uint32_t> children; // items, or key and value alternating
    std::size_t last_end = 0;            // where the newest child ends
    std::size_t nodes = 1;
    std::size_t text_bytes = 0;
    std::size_t height = 1;
  };

  bool begin_document(const yaml_event& event);
  bool begin_collection(const yaml_event& event, node_kind kind);
  bool end_collection(const yaml_event& event);
  bool add_scalar(const yaml_event& event);
  bool add_alias(const yaml_event& event);

  bool make_slot(const yaml_event& event, node_kind kind, std::uint32_t& made);
  std::string suggest_anchor(const std::string& name) const;
  void place_absent(slot& absent, const yaml_event& event) const;
  void resolve(slot& scalar, const yaml_event& event);
  bool resolve_value(slot& scalar, std::string_view tag);
  void check_collection_tag(const slot& made, const yaml_event& event);
  void remember_anchor(const yaml_event& event, std::uint32_t index);

  bool attach(std::uint32_t child);
  bool awaits_key() const;
  bool is_open(std::uint32_t index) const;
  void check_key(std::uint32_t key);

  bool close_list(slot& list, const frame& closed);
  bool close_map(slot& map, frame& closed);
  bool store_children(slot& collection, const std::vector<std::uint32_t>& children);
  void sort_map(slot& map, const frame& closed);
  void report_duplicate(std::uint32_t first, std::uint32_t again);
  void expand_merges(frame& map);
  void merge_value(frame& into, std::uint32_t value, std::unordered_set<std::string_view>& taken);
  void merge_map(frame& into, const slot& merged, std::unordered_set<std::string_view>& taken);

  void report(const slot& at, std::string_view code, std::string message, std::string hint = {});
  void report(const range& at, std::string_view code, std::string message, std::string hint = {});
  const slot& target_of(std::uint32_t index) const { return tree_.slots[tree_.slots[index].target]; }

  tree& tree_;
  document_limits bounds_;
  diagnostics& found_;
  std::vector<frame> open_;
  std::unordered_map<std::string, std::uint32_t> anchors_;
  bool begun_ = false;
};

} // namespace troupe::config
