#pragma once

#include "actors/models/chat.hpp"
#include "actors/models/json_text.hpp"
#include "config/schema/schema.hpp"

#include <string>
#include <vector>

namespace troupe::models {

/// One worked case shown to the model. Both are JSON texts.
struct signature_example {
  std::string input;
  std::string output;
};

/// What a signature is made of, as a file or a C++ agent states it.
struct signature_text {
  std::string name; // "sales.qualify": [A-Za-z0-9._-], at most 64 bytes
  std::uint32_t version = 1;
  std::string instructions; // what to do, in words
  std::string input;        // JSON Schema
  std::string output;       // JSON Schema
  std::vector<signature_example> examples;
};

/// A typed question to a model: instructions, and schemas of what goes in and comes out. Immutable; the same
/// input renders to the same messages, byte for byte, on every node.
class signature {
public:
  /// Refuses schemas that do not compile and examples that break them.
  static result<signature> make(signature_text text);

  const std::string& name() const noexcept { return text_.name; }
  std::uint32_t version() const noexcept { return text_.version; }
  const config::schema& input() const noexcept { return input_; }
  const config::schema& output() const noexcept { return output_; }

  /// "sales.qualify@3"
  std::string title() const;

  /// The messages that ask for one output, or why the input is none.
  result<std::vector<chat_message>> render(const json& input) const;

  /// For providers that can hold the model to the output's schema.
  answer_format format() const;

private:
  signature(signature_text text, config::schema input, config::schema output);

  signature_text text_;
  config::schema input_;
  config::schema output_;
};

} // namespace troupe::models
