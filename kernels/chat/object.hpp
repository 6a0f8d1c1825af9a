#pragma once

#include "kernels/chat/value.hpp"

namespace troupe::kernels::chat {

class machine;

/// What a call brings.
struct arguments {
  value_list positional;
  std::vector<std::pair<std::string, value>> named;
};

/// One value after another.
class iteration {
public:
  virtual ~iteration() = default;
  virtual std::optional<value> next(machine& with) = 0;
};

/// What is neither number, text nor collection: functions, namespaces, loops, generators. Identity counts.
class object {
public:
  explicit object(std::size_t depth = 1);
  object(const object&) = delete;
  object& operator=(const object&) = delete;
  virtual ~object() = default;

  /// How it is named when it is shown or stands in an error.
  virtual std::string name() const = 0;
  virtual std::string shown(std::size_t level) const;
  virtual std::optional<value> attribute(machine& with, std::string_view which);
  virtual bool is_callable() const { return false; }
  virtual value call(machine& with, arguments args);
  /// Null if it is none that can be gone through. A generator goes on where it stood.
  virtual std::unique_ptr<iteration> iterate() { return nullptr; }
  /// Has a length and places, like a list; null if not.
  virtual const value_list* as_list() const { return nullptr; }
  virtual void set_attribute(machine& with, std::string_view which, value what);

  std::size_t depth() const noexcept { return depth_; }

private:
  std::size_t depth_;
};

/// A function of ours, perhaps bound to a value.
class builtin : public object {
public:
  using body = value (*)(machine& with, const value& self, arguments args);

  builtin(std::string name, body run, value self = {});

  std::string name() const override;
  bool is_callable() const override { return true; }
  value call(machine& with, arguments args) override;

private:
  std::string name_;
  body run_;
  value self_;
};

/// Python's generators: values on demand, once.
class generator : public object {
public:
  generator(std::shared_ptr<iteration> source, std::size_t depth);

  std::string name() const override { return "generator object"; }
  std::unique_ptr<iteration> iterate() override;

private:
  std::shared_ptr<iteration> source_;
};

} // namespace troupe::kernels::chat
