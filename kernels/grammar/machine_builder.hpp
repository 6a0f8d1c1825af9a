#pragma once

#include "kernels/grammar/machines.hpp"
#include "kernels/grammar/schema_shapes.hpp"

namespace troupe::kernels::grammar {

/// Turns the shapes that a schema leads to into machines, and leaves out what no text can end in.
class machine_builder {
public:
  machine_builder(machines& to, schema_shapes& shapes, node_table& nodes)
      : to_(to)
      , shapes_(shapes)
      , nodes_(nodes) {}

  /// `refused` if no value fits the schema at all.
  result<done> build(node_id root);

private:
  result<done> build_value(node_id node);
  result<machine_id> build_array(const array_shape& shape, value_machine& value);
  result<machine_id> build_object(const object_shape& shape);
  result<done> check_unique(array_machine& array, const array_shape& shape);
  result<done> add_names(const object_shape& shape, object_machine& object);
  result<done> add_others(const object_shape& shape, object_machine& object);
  value_choices choices(node_id base, const std::vector<node_id>& wanted, const std::vector<bool>& applies,
                        const std::vector<bool>& capped);

  // machine_liveness.cpp
  bool sweep();
  bool has_value(const value_choices& choices) const;
  bool holds_value(const array_machine& array) const;
  bool holds_value(const object_machine& object) const;
  void drop_dead_choices(value_choices& choices) const;
  void finish_array(array_machine& array) const;
  void finish_object(object_machine& object) const;
  void finish();

  machines& to_;
  schema_shapes& shapes_;
  node_table& nodes_;
  std::vector<bool> alive_; // by node: some value fits
};

} // namespace troupe::kernels::grammar
