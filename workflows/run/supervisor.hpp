#pragma once

#include "runtime/effects/outcome.hpp"
#include "workflows/run/engine.hpp"

#include <string_view>

namespace troupe::workflow {

/// What a verb does with a step: one class each, without state of its own (that is in the instance). The
/// three verbs of every supervisor are start, child_finished, child_failed; steps that ask something of the
/// world hear its answers.
class supervisor {
public:
  virtual ~supervisor() = default;

  virtual void start(instance& self, engine& run) const = 0;

  /// A child completed, was skipped, or was canceled by this supervisor.
  virtual void child_finished(instance& self, instance& child, engine& run) const;
  /// The default hands the failure on.
  virtual void child_failed(instance& self, instance& child, engine& run) const;

  virtual void answered(instance& self, std::string_view name, const outcome& answer, engine& run) const;
  virtual void due(instance& self, std::string_view name, engine& run) const;
  /// `outcome` of a compute command.
  virtual outcome compute(const instance& self, const engine& run) const;
  /// A signal came; true: this step takes it.
  virtual bool signaled(instance& self, const stored_signal& signal, engine& run) const;
  /// The paths given to engine::undo are compensated.
  virtual void undone(instance& self, engine& run) const;

  /// It was told to stop and all its children have ended. False: it began something more.
  virtual bool may_end(instance& self, engine& run) const;
  /// Would it take this child's failure without failing itself?
  virtual bool handles(const instance& self, const instance& child, const failure& why) const;
};

/// The one for a verb: workflows/supervisors/table.cpp.
const supervisor& supervisor_of(verb v);
inline const supervisor& supervisor_of(const instance& i) { return supervisor_of(i.what->what); }

} // namespace troupe::workflow
