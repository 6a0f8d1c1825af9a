#include "kernels/chat/chat_template.hpp"

#include "kernels/chat/evaluator.hpp"
#include "kernels/chat/failure.hpp"
#include "kernels/chat/statement_parser.hpp"
#include "kernels/unicode/utf8.hpp"

namespace troupe::kernels::chat {

chat_template::chat_template(std::shared_ptr<const program> parsed)
    : program_(std::move(parsed)) {}

result<chat_template> chat_template::parse(std::string_view source) {
  if (source.size() > template_bytes_max)
    return fail(fault::refused, "a template of " + std::to_string(source.size()) + " bytes; at most " +
                                    std::to_string(template_bytes_max) + " are read");
  if (const auto at = unicode::first_invalid(source); at != std::string_view::npos)
    return fail(fault::invalid, "the template is no UTF-8 at byte " + std::to_string(at + 1));
  try {
    return chat_template(std::make_shared<const program>(parse_template(source)));
  } catch (const template_failure& problem) {
    return fail(fault::invalid, std::string("template, ") + problem.what());
  }
}

result<std::string> chat_template::render(const value& variables, const std::tm* now,
                                          const render_limits& limits) const {
  if (!variables.is_mapping())
    return fail(fault::invalid, "a template's variables are a mapping");
  machine with(limits, now);
  try {
    return evaluator(with, variables.entries()).run(*program_);
  } catch (const template_failure& problem) {
    return fail(fault::invalid, "template, line " + std::to_string(with.line) + ": " + problem.what());
  }
}

} // namespace troupe::kernels::chat
